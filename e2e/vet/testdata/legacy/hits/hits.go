// Package hits uses go-redis v8, and keeps too much.
package hits

import (
	"context"
	"errors"

	"example.com/legacy/pool"
	"github.com/go-redis/redis/v8"
	redigo "github.com/gomodule/redigo/redis"
)

var shared *redis.Client // singleton

var connections = pool.New("localhost:6379", "secret") // singleton

var options = &redis.Options{Addr: "localhost:6379"}

// Counter owns a client of go-redis v8.
type Counter struct{ rdb *redis.Client }

// NewCounter opens a counter. The caller must stop it.
func NewCounter() *Counter { return &Counter{rdb: redis.NewClient(options)} }

// Incr counts.
func (c *Counter) Incr(ctx context.Context) error {
	return c.rdb.Incr(ctx, "hits").Err() // unscoped
}

// Stop closes the client.
func (c *Counter) Stop() error { return c.rdb.Close() }

func dropped(ctx context.Context) error {
	return NewCounter().Incr(ctx) // unclosed
}

func sticky(ctx context.Context) error {
	conn := shared.Conn(ctx)            // unclosed
	return conn.Incr(ctx, "hits").Err() // unscoped
}

func plain(ctx context.Context) error {
	rdb := redis.NewClient(options)
	err := rdb.Incr(ctx, "hits").Err()   // unscoped
	return errors.Join(err, rdb.Close()) // undeferred
}

func withRedis(fn func(*redis.Client) error) error { // unlogged
	rdb := redis.NewClient(options)
	defer rdb.Close()
	return fn(rdb)
}

func inside(ctx context.Context) error {
	return withRedis(func(rdb *redis.Client) error { return rdb.Incr(ctx, "hits").Err() })
}

func insidePooled() (n int, err error) {
	err = pool.With(connections, func(conn redigo.Conn) error {
		n, err = pool.Borrow(conn)
		return err
	})
	return n, err
}

func outsidePooled() (int, error) {
	conn := connections.Get()
	n, err := pool.Borrow(conn) // unscoped
	conn.Close()                // undeferred
	return n, err
}

// An inline scope: the function closes what it takes, whatever happens.
func insideInline() (int, error) {
	conn := connections.Get()
	defer conn.Close()
	return pool.Borrow(conn)
}

func stopped(ctx context.Context) error {
	c := NewCounter()
	defer c.Stop()
	return c.Incr(ctx)
}
