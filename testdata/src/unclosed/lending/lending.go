// Package lending shows what becomes of a resource that a helper passes to a
// callback: what the callback does with it counts.
package lending

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"

	"unclosed/lending/lib"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

func ping(c *redis.Client) error { return c.Ping(ctx).Err() }

// The callback only uses it.
func used() error {
	return lib.Use(redis.NewClient(opts()), func(c *redis.Client) error { // want `is never closed`
		return c.Ping(ctx).Err()
	})
}

// So does a function of the package.
func usedByName() error {
	c := redis.NewClient(opts()) // want `c is never closed`
	return lib.Use(c, ping)
}

// Also two helpers deep.
func usedTwice(pool *redigo.Pool) error {
	conn := pool.Get() // want `conn is never closed`
	return lib.Twice(conn, func(c redigo.Conn) error {
		_, err := c.Do("PING")
		return err
	})
}

// The helper closes it if nothing has failed.
func onSuccess() error {
	return lib.OnSuccess(func(_ string, c *redis.Client) error { return ping(c) }, redis.NewClient(opts())) // want `not closed on all paths`
}

// The callback closes it on one path.
func closedSometimes(really bool) error {
	c := redis.NewClient(opts()) // want `c is not closed on all paths`
	return lib.Use(c, func(c *redis.Client) error {
		if !really {
			return nil
		}
		return c.Close()
	})
}

// What an owner lends is still the owner's.
func owner() error {
	s := lib.NewSession(redis.NewClient(opts())) // want `is never closed`
	return s.Do(ping)
}

// The callback closes it.
func closes() error {
	return lib.Use(redis.NewClient(opts()), func(c *redis.Client) error { return c.Close() })
}

// So does a method of it.
func closesByName() error {
	return lib.Use(redis.NewClient(opts()), (*redis.Client).Close)
}

// The helper does.
func closing() error {
	return lib.Closing(redis.NewClient(opts()), ping)
}

// The owner does.
func ownerCloses() error {
	s := lib.NewSession(redis.NewClient(opts()))
	defer s.Close()
	return s.Do(ping)
}

type repo struct{ rdb *redis.Client }

func (r *repo) Close() error { return r.rdb.Close() }

// The callback keeps it.
func kept(r *repo) error {
	return lib.Use(redis.NewClient(opts()), func(c *redis.Client) error {
		r.rdb = c
		return nil
	})
}

// It keeps it in a variable, which is closed.
func keptHere() error {
	var mine *redis.Client
	err := lib.Use(redis.NewClient(opts()), func(c *redis.Client) error {
		mine = c
		return nil
	})
	mine.Close()
	return err
}

// A callback that is not known may do anything.
func unknown(fn func(*redis.Client) error) error {
	return lib.Use(redis.NewClient(opts()), fn)
}

// One of a table as well.
func tabled(fns map[string]func(*redis.Client) error) error {
	return lib.Use(redis.NewClient(opts()), fns["a"])
}

func local[T any, R any](c T, fn func(T) (R, error)) (R, error) { return fn(c) }

// The callback gives it back, and the result is closed.
func back() error {
	c, err := local(redis.NewClient(opts()), func(c *redis.Client) (*redis.Client, error) { return c, ping(c) })
	if err != nil {
		return err
	}
	return c.Close()
}

// The package's own helper, and a result that has nothing to do with it.
func result() (string, error) {
	c := redis.NewClient(opts()) // want `c is never closed`
	return local(c, func(c *redis.Client) (string, error) { return c.Get(ctx, "k").Result() })
}
