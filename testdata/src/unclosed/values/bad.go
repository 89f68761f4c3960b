// Package values shows that a resource is a value, whatever its variable.
package values

import (
	"context"

	"github.com/go-redis/redis/v8"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

type pair struct{ primary, replica *redis.Client }

// The only reference is inside the chain.
func chained() error {
	return redis.NewClient(opts()).Ping(ctx).Err() // want `redis.NewClient\(.*\) is discarded and can never be closed \(possible connection leak\)`
}

// A statement of its own.
func statement() {
	redis.NewClient(opts()) // want `is discarded and can never be closed`
}

// The blank identifier.
func blank() {
	_ = redis.NewClient(opts()) // want `is discarded and can never be closed`
}

// The variable gets a second client while the first is open.
func overwritten() {
	rdb := redis.NewClient(opts()) // want `rdb is overwritten at line 35 while open \(possible connection leak\)`
	rdb.Ping(ctx)
	rdb = redis.NewClient(opts())
	defer rdb.Close()
}

// The variable gets nil while the client is open.
func forgottenByNil() {
	rdb := redis.NewClient(opts()) // want `rdb is (overwritten|never closed)`
	rdb.Ping(ctx)
	rdb = nil
	_ = rdb
}

// A block of its own declares another rdb, and closes that.
func shadowed(tls bool) {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	if tls {
		rdb := redis.NewClient(&redis.Options{Addr: "cache:6380"})
		defer rdb.Close()
	}
	rdb.Ping(ctx)
}

// Two clients, one Close.
func wrongOne() {
	a := redis.NewClient(opts())
	b := redis.NewClient(opts()) // want `b is never closed`
	defer a.Close()
	b.Ping(ctx)
}

// The same one twice.
func sameTwice() {
	a := redis.NewClient(opts())
	b := redis.NewClient(opts()) // want `b is never closed`
	b.Ping(ctx)
	a.Close()
	a.Close()
}

// One is returned, the other is dropped: results are per value.
func returnsTheOther() *redis.Client {
	a := redis.NewClient(opts())
	b := redis.NewClient(opts()) // want `b is never closed`
	b.Ping(ctx)
	return a
}

// An alias that is as forgotten as the original.
func alias() {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	same := rdb
	same.Ping(ctx)
}

// A constructor held in a variable.
func constructorValue() {
	connect := redis.NewClient
	rdb := connect(opts()) // want `rdb is never closed`
	rdb.Ping(ctx)
}

// The alias was pointed elsewhere before the Close.
func aliasMoved(spare *redis.Client) {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	current := rdb
	current.Ping(ctx)
	current = spare
	current.Close()
}

// A field of a local struct.
func localField() {
	var p pair
	p.primary = redis.NewClient(opts()) // want `p\.primary is never closed`
	p.primary.Ping(ctx)
}

// One field of a local struct is closed, the other is not.
func otherField() {
	p := pair{
		primary: redis.NewClient(opts()),
		replica: redis.NewClient(opts()), // want `(is never closed|is discarded)`
	}
	defer p.primary.Close()
	p.replica.Ping(ctx)
}
