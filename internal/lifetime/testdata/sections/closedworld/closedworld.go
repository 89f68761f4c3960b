// Package closedworld holds docs/engine.md, The closed world.
package closedworld

import (
	"context"
	"io"
	"lifetime/plain"
	"lifetime/summaries"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// A function of an analysed package without a fact borrows.
func Borrows() {
	rdb := redis.NewClient(nil) // engine: leaks +2
	summaries.Ping(rdb)
}

// One with a fact does what that says.
func Fact() {
	rdb := redis.NewClient(nil) // engine: released
	summaries.Close(rdb)
}

func FactWithFlag() {
	rdb := redis.NewClient(nil) // engine: leaks +2
	summaries.CloseIf(rdb, false)
}

// One of a package that was not analysed may do anything.
func Unknown() {
	rdb := redis.NewClient(nil) // engine: moved: passed to a function whose code is not known
	plain.Any(rdb)
}

// Its signature tells that it can only return what it is given.
func BySignature() {
	c := plain.Must(redigo.Dial("tcp", "")) // engine: leaks +2
	c.Do("PING")
}

// A func that only uses what it captured takes nothing away.
func OnlyUses() {
	rdb := redis.NewClient(nil) // engine: leaks +2
	plain.Call(func() { rdb.Ping(context.Background()) })
}

// One that releases it does.
func Captured() {
	rdb := redis.NewClient(nil) // engine: moved: passed to a function whose code is not known
	plain.Call(func() { rdb.Close() })
}

type sink interface{ Take(any) }

// An interface method may do anything.
func Dynamic(s sink) {
	rdb := redis.NewClient(nil) // engine: moved: passed to an interface method or a function value
	s.Take(rdb)
}

// On the resource itself its releasing methods release.
func Interface() {
	var c io.Closer = redis.NewClient(nil) // engine: released
	defer c.Close()
}

var shared *redis.Client

// A package-level variable is a new owner.
func Global() {
	shared = redis.NewClient(nil) // engine: moved: stored in a package-level variable
}

// What waits on the other side of a channel is too.
func Sent(ch chan *redis.Client) {
	ch <- redis.NewClient(nil) // engine: moved: sent on a channel
}
