// Package manner holds docs/engine.md, Manner of a release.
package manner

import (
	"context"
	"io"

	"github.com/redis/go-redis/v9"
)

func work() {}

// The release comes first.
func First(c *redis.Client) { c.Close() } // engine: param 0 released surely

// Something that can panic comes before it.
func Second(c *redis.Client) { // engine: param 0 released plainly
	work()
	c.Close()
}

// Deferred before anything can panic.
func Deferred(c *redis.Client) { // engine: param 0 released surely
	defer c.Close()
	work()
}

// By a goroutine.
func ByGoroutine(c *redis.Client) { // engine: param 0 released later
	go c.Close()
}

func Plain() {
	rdb := redis.NewClient(nil) // engine: released, undeferred +2
	rdb.Ping(context.Background())
	rdb.Close()
}

func ByHelper() {
	rdb := redis.NewClient(nil) // engine: released
	Deferred(rdb)
}

func ByPlainHelper() {
	rdb := redis.NewClient(nil) // engine: released, undeferred +1
	Second(rdb)
}

// The release is not what comes before it, by whatever name it is called.
func ByInterface() {
	var c io.Closer = redis.NewClient(nil) // engine: released
	c.Close()
}
