// Package summaries holds docs/engine.md, Summaries.
package summaries

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

func Close(c *redis.Client) { c.Close() } // engine: param 0 released surely

func Ping(c *redis.Client) { c.Ping(context.Background()) }

// A flag chooses, and a caller that passes a constant knows which.
func CloseIf(c *redis.Client, really bool) { // engine: param 0 when 1=true released surely; param 0 when 1=false kept; param 0 kept or released surely
	if really {
		c.Close()
	}
}

func True() {
	rdb := redis.NewClient(nil) // engine: released
	CloseIf(rdb, true)
}

func False() {
	rdb := redis.NewClient(nil) // engine: leaks +2
	CloseIf(rdb, false)
}

// The result tells which way it went.
func CloseOrNot(c *redis.Client, n int) bool { // engine: param 0 kept (result 0 is false) or released surely (result 0 is true)
	if n > 0 {
		c.Close()
		return true
	}
	return false
}

func ByResult(n int) {
	rdb := redis.NewClient(nil) // engine: released, undeferred +2
	if !CloseOrNot(rdb, n) {
		rdb.Close()
	}
}

func Open() *redis.Client { // engine: opens result 0
	return redis.NewClient(nil) // engine: left to the caller
}

func Dial() (redigo.Conn, error) { // engine: opens result 0 unless result 1
	return redigo.Dial("tcp", "") // engine: left to the caller
}

func OpenWithCleanup() (*redis.Client, func()) { // engine: opens result 0 released by result 1
	rdb := redis.NewClient(nil) // engine: left to the caller
	return rdb, func() { rdb.Close() }
}

func UseOpen() {
	rdb := Open() // engine: leaks +2
	rdb.Ping(context.Background())
}

func UseCleanup() {
	rdb, done := OpenWithCleanup() // engine: released
	defer done()
	rdb.Ping(context.Background())
}

type keeper struct{ c *redis.Client }

func (k *keeper) Close() { k.c.Close() } // engine: param 0*.0 released surely

// It leaves the argument in its result.
func Keep(c *redis.Client) *keeper { return &keeper{c} } // engine: makes result 0; param 0 kept in result 0*.0 (result 0 is notnil)

func KeepAndClose() {
	k := Keep(redis.NewClient(nil)) // engine: released
	defer k.Close()
}

func KeepAndForget() {
	k := Keep(redis.NewClient(nil)) // engine: leaks +2
	_ = k.c.Ping(context.Background())
}
