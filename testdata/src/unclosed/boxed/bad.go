// Package boxed shows resources behind interfaces.
package boxed

import (
	"context"
	"io"

	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

// counter is the project's own view of a client.
type counter interface {
	Incr(ctx context.Context, key string) *redis.IntCmd
	Close() error
}

// The universal client.
func universal() error {
	rdb := redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{"cache:6379"}}) // want `rdb is never closed`
	return rdb.Ping(ctx).Err()
}

// The universal client, lost by an early return.
func universalEarlyReturn() error {
	rdb := redis.NewUniversalClient(&redis.UniversalOptions{}) // want `rdb is not closed on all paths`
	if err := rdb.Ping(ctx).Err(); err != nil {
		return err
	}
	return rdb.Close()
}

// The project's own interface.
func ownInterface() int64 {
	var c counter = redis.NewClient(opts()) // want `c is never closed`
	return c.Incr(ctx, "n").Val()
}

// An interface that has no Close at all.
func cmdable() error {
	var c redis.Cmdable = redis.NewClient(opts()) // want `c is never closed`
	return c.Ping(ctx).Err()
}

// One of two kinds of client.
func oneOfTwo(cluster bool) error {
	var c redis.UniversalClient
	if cluster {
		c = redis.NewClusterClient(&redis.ClusterOptions{}) // want `c is never closed`
	} else {
		c = redis.NewClient(opts()) // want `c is never closed`
	}
	return c.Ping(ctx).Err()
}

// newCounter returns a client as the project's interface.
func newCounter() counter { return redis.NewClient(opts()) }

// The user of that constructor forgets.
func counterForgotten() int64 {
	c := newCounter() // want `c is never closed`
	return c.Incr(ctx, "n").Val()
}

// An io.Closer that nobody calls.
func closerForgotten() {
	var c io.Closer = redis.NewClient(opts()) // want `c is never closed`
	_ = c
}
