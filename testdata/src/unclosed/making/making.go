// Package making shows what a helper hands on that a func which it is given
// opens.
package making

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"

	"unclosed/making/lib"
	"unclosed/making/plain"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

func open() *redis.Client { return redis.NewClient(opts()) }

func dial() (redigo.Conn, error) { return redigo.Dial("tcp", "cache:6379") }

// The list is dropped.
func mapped(addrs []string) {
	all := plain.Map(addrs, func(a string) *redis.Client { return redis.NewClient(&redis.Options{Addr: a}) }) // want `never closed`
	for _, c := range all {
		c.Ping(ctx)
	}
}

// The list is closed.
func mappedClosed(addrs []string) {
	all := plain.Map(addrs, func(a string) *redis.Client { return redis.NewClient(&redis.Options{Addr: a}) })
	defer func() {
		for _, c := range all {
			c.Close()
		}
	}()
	all[0].Ping(ctx)
}

// The error of opening is the helper's.
func done() error {
	conn, err := plain.Do(dial) // want `conn is not closed on all paths`
	if err != nil {
		return err
	}
	if _, err := conn.Do("PING"); err != nil {
		return err
	}
	return conn.Close()
}

func doneClosed() error {
	conn, err := plain.Do(dial)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Do("PING")
	return err
}

// One that may be another's.
func other(pool *redigo.Pool) {
	conn := plain.Else(dial, pool.Get()) // want `conn is never closed` `conn is never closed`
	conn.Do("PING")
}

func otherClosed(shared redigo.Conn) {
	conn := plain.Else(dial, shared)
	if conn != shared {
		conn.Close()
	}
}

// A helper that is read tries again.
func retried() error {
	conn, err := lib.Retry(3, func() (redigo.Conn, error) { return redigo.Dial("tcp", "a") }) // want `conn is never closed`
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

func retriedClosed() error {
	conn, err := lib.Retry(3, dial)
	if err != nil {
		return err
	}
	return conn.Close()
}

// The error is told by a struct.
func result() error {
	conn, err := lib.Of(dial).Get() // want `never be closed`
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

func resultClosed() error {
	conn, err := lib.Of(dial).Get()
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Do("PING")
	return err
}

// A factory of clients with arguments.
func connected() error {
	c := lib.Connect(func(addr string) *redis.Client { return redis.NewClient(&redis.Options{Addr: addr}) }, "a") // want `c is never closed`
	return c.Ping(ctx).Err()
}

func connectedClosed(addr string) error {
	c := lib.Connect(func(addr string) *redis.Client { return redis.NewClient(&redis.Options{Addr: addr}) }, addr)
	defer c.Close()
	return c.Ping(ctx).Err()
}

// A helper of the package, with a constraint that has the method.
func made[T interface{ Close() error }](mk func() T) T { return mk() }

func madeHere() error {
	c := made(open) // want `c is never closed`
	return c.Ping(ctx).Err()
}

func madeHereClosed() error {
	c := made(open)
	defer c.Close()
	return c.Ping(ctx).Err()
}

// A scope closes what it opened.
func scoped() error {
	return lib.With(dial, func(c redigo.Conn) error {
		_, err := c.Do("PING")
		return err
	})
}

// What keeps it owns it.
func kept(r *lib.Registry) error {
	return r.Get("a", open).Ping(ctx).Err()
}

func keptElsewhere(c *plain.Cache[*redis.Client]) error {
	if err := c.Get("a", open).Ping(ctx).Err(); err != nil {
		return err
	}
	return plain.Keep(c, open).Ping(ctx).Err()
}

// What it is passed on to may close it.
func passedOn() error {
	_, err := plain.Each(open, (*redis.Client).Close)
	return err
}

// It is returned: the caller's.
func returned() (redigo.Conn, error) { return plain.Do(dial) }

// A func that only sometimes opens is not taken to.
func sometimes(shared *redis.Client) error {
	c := lib.Connect(func(addr string) *redis.Client {
		if addr == "" {
			return shared
		}
		return redis.NewClient(&redis.Options{Addr: addr})
	}, "")
	if c != shared {
		defer c.Close()
	}
	return c.Ping(ctx).Err()
}
