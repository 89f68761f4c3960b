package boxed

import (
	"io"

	"github.com/redis/go-redis/v9"
)

// The universal client is closed.
func universalClosed() error {
	rdb := redis.NewUniversalClient(&redis.UniversalOptions{})
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

// The project's own interface closes.
func ownInterfaceClosed() int64 {
	var c counter = redis.NewClient(opts())
	defer c.Close()
	return c.Incr(ctx, "n").Val()
}

// An io.Closer closes what the other variable uses.
func closerCloses() error {
	rdb := redis.NewClient(opts())
	var c io.Closer = rdb
	defer c.Close()
	return rdb.Ping(ctx).Err()
}

// One of two kinds of client, closed.
func oneOfTwoClosed(cluster bool) error {
	var c redis.UniversalClient
	if cluster {
		c = redis.NewClusterClient(&redis.ClusterOptions{})
	} else {
		c = redis.NewClient(opts())
	}
	defer c.Close()
	return c.Ping(ctx).Err()
}

// shut closes what can be closed.
func shut(v any) {
	if c, ok := v.(io.Closer); ok {
		c.Close()
	}
}

// A helper that finds the Close by a type assertion.
func assertedInHelper() error {
	var c redis.Cmdable = redis.NewClient(opts())
	defer shut(c)
	return c.Ping(ctx).Err()
}

// The type assertion on the spot.
func asserted() error {
	var c redis.Cmdable = redis.NewClient(opts())
	defer c.(io.Closer).Close()
	return c.Ping(ctx).Err()
}

// A type switch back to the client.
func typeSwitched() error {
	var c redis.Cmdable = redis.NewClient(opts())
	err := c.Ping(ctx).Err()
	switch c := c.(type) {
	case *redis.Client:
		c.Close()
	}
	return err
}

// The user of the constructor closes.
func counterClosed() int64 {
	c := newCounter()
	defer c.Close()
	return c.Incr(ctx, "n").Val()
}

// Returned as an interface.
func returnedAsCloser() io.Closer {
	rdb := redis.NewClient(opts())
	rdb.Ping(ctx)
	return rdb
}

// Handed to a constructor of which only the interface is known.
type wire interface {
	Use(redis.Cmdable)
}

func handedToInterface(w wire) {
	w.Use(redis.NewClient(opts()))
}
