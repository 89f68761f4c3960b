// Package generics shows what generic types of another package hold.
package generics

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"

	"unclosed/generics/lib"
)

var ctx = context.Background()

// What is put in is taken out and closed.
func closed() error {
	m := lib.Just(redis.NewClient(&redis.Options{}))
	if c, ok := m.Get(); ok {
		defer c.Close()
		return c.Ping(ctx).Err()
	}
	return nil
}

// The same, with the answer asked the other way round.
func guarded() {
	m := lib.Just(redis.NewClient(&redis.Options{}))
	c, ok := m.Get()
	if !ok {
		return
	}
	c.Ping(ctx)
	c.Close()
}

// By one that is passed by its address.
func boxed(pool *redigo.Pool) {
	b := lib.NewBox("a", pool.Get())
	conn, found := b.First()
	if found == false {
		return
	}
	defer conn.Close()
	conn.Do("PING")
}

// Without an answer.
func either(other *redis.Client) {
	c := lib.Just(redis.NewClient(&redis.Options{})).Or(other)
	defer c.Close()
	c.Ping(ctx)
}

// Taken out, used and dropped.
func dropped() error {
	m := lib.Just(redis.NewClient(&redis.Options{})) // want `is never closed`
	if c, ok := m.Get(); ok {
		return c.Ping(ctx).Err()
	}
	return nil
}

// Closed on one path of those on which it is there.
func sometimes(pool *redigo.Pool) error {
	b := lib.NewBox(1, pool.Get()) // want `is not closed on all paths`
	conn, ok := b.First()
	if !ok {
		return nil
	}
	if _, err := conn.Do("PING"); err != nil {
		return err
	}
	return conn.Close()
}

// Never taken out.
func left() {
	m := lib.Just(redis.NewClient(&redis.Options{})) // want `is never closed`
	_ = m
}
