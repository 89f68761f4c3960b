// Package conduct has functions that wait, log, register and keep, and the
// facts that are due about them.
package conduct

import (
	"context"
	"log"
	"time"

	"github.com/redis/go-redis/extra/redisotel/v9"
	"github.com/redis/go-redis/v9"
)

// Pause sleeps.
func Pause() { time.Sleep(time.Second) } // want Pause:`waits time.Sleep -1 -1`

// Maybe sleeps if its caller says so: nothing is certain.
func Maybe(wait bool) {
	if wait {
		time.Sleep(time.Second)
	}
}

// Pop waits for ever, unless its context ends.
func Pop(ctx context.Context, rdb *redis.Client) error { // want Pop:`commands on \[1\], waits redis.BLPop -1 0`
	return rdb.BLPop(ctx, 0, "jobs").Err()
}

// PopFor waits for ever if it is given zero.
func PopFor(ctx context.Context, rdb *redis.Client, d time.Duration) error { // want PopFor:`commands on \[1\], waits redis.BLPop 2 0`
	return rdb.BLPop(ctx, d, "jobs").Err()
}

// PopSoon has a limit.
func PopSoon(ctx context.Context, rdb *redis.Client) error { // want PopSoon:`commands on \[1\]`
	return rdb.BLPop(ctx, time.Second, "jobs").Err()
}

// Listen never ends.
func Listen(ctx context.Context, rdb *redis.Client, fn func(string)) { // want Listen:`commands on \[1\], logs, waits messages -1 -1`
	sub := rdb.Subscribe(ctx, "news")
	defer sub.Close()
	for msg := range sub.Channel() {
		fn(msg.Payload)
	}
}

// Close writes to a log.
func Close(rdb *redis.Client) { // want Close:`logs`
	if err := rdb.Close(); err != nil {
		log.Print(err)
	}
}

// Measure registers for ever.
func Measure(rdb *redis.Client) error { return redisotel.InstrumentMetrics(rdb) } // want Measure:`registers \[0\]`

// Cache keeps a client.
type Cache struct{ rdb *redis.Client }

// Use keeps what it is given.
func (c *Cache) Use(rdb *redis.Client) { c.rdb = rdb } // want Use:`keeps \[1\]`

// Spawn keeps it in a goroutine.
func Spawn(ctx context.Context, rdb *redis.Client) { go rdb.Ping(ctx) } // want Spawn:`commands on \[1\], checks \[1\], keeps \[1\]`
