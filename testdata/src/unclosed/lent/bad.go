// Package lent shows functions that hand out a connection of their own on some
// path, and somebody else's on another, and func values that open.
package lent

import (
	"context"
	"errors"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

type adapter struct {
	pool *redis.Pool
	conn redis.Conn
}

// getConn gets a connection of the pool if there is a pool, and lends the only
// one otherwise.
func (a *adapter) getConn() redis.Conn {
	if a.pool != nil {
		return a.pool.Get()
	}
	return a.conn
}

// Nobody releases it, whoever it belongs to.
func (a *adapter) drop(key string) error {
	_, err := a.getConn().Do("DEL", key) // want `a.getConn\(...\) is discarded`
	return err
}

// The same with a name.
func (a *adapter) load(key string) (string, error) {
	conn := a.getConn() // want `conn is never closed`
	if conn.Err() != nil {
		return "", conn.Err()
	}
	return redis.String(conn.Do("GET", key))
}

type connKey struct{}

// fromContext lends the connection of the context, or gets one.
func fromContext(ctx context.Context, pool *redis.Pool) redis.Conn {
	if c, ok := ctx.Value(connKey{}).(redis.Conn); ok {
		return c
	}
	return pool.Get()
}

func set(ctx context.Context, pool *redis.Pool) error {
	conn := fromContext(ctx, pool) // want `conn is never closed`
	_, err := conn.Do("SET", "k", 1)
	return err
}

// dialer returns what opens.
func dialer(addr string) func() *goredis.Client {
	opts := &goredis.Options{Addr: addr}
	return func() *goredis.Client { return goredis.NewClient(opts) }
}

// What a returned func opens is forgotten.
func viaFunc(ctx context.Context) string {
	open := dialer("cache:6379")
	rdb := open() // want `rdb is never closed`
	return rdb.Get(ctx, "k").Val()
}

// The func is returned beside an error, and called in a literal.
func factory(addr string) (func() (*goredis.Client, error), error) {
	if addr == "" {
		return nil, errors.New("no address")
	}
	return func() (*goredis.Client, error) {
		return goredis.NewClient(&goredis.Options{Addr: addr}), nil
	}, nil
}

func viaFactory(ctx context.Context) error {
	open, err := factory("cache:6379")
	if err != nil {
		return err
	}
	ping := func() error {
		rdb, err := open() // want `rdb is never closed`
		if err != nil {
			return err
		}
		return rdb.Ping(ctx).Err()
	}
	return ping()
}
