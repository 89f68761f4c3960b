// Package scopes has the helpers of another package, and some that only look
// like them. What they do is known to their importers by facts.
package scopes

import (
	"context"
	"log"

	"github.com/redis/go-redis/v9"
)

var defaults = &redis.Options{Addr: "cache:6379"}

// WithRedis opens, lends and closes.
func WithRedis(ctx context.Context, fn func(context.Context, *redis.Client) error) error {
	rdb := redis.NewClient(defaults)
	defer func() {
		if err := rdb.Close(); err != nil {
			log.Println("[redis] close:", err)
		}
	}()
	return fn(ctx, rdb)
}

// Borrow lends a client of its own making, under another name and with its
// parameters in another order.
func Borrow(fn func(rdb *redis.Client, key string), key string) {
	rdb := redis.NewClient(defaults)
	defer rdb.Close()
	fn(rdb, key)
}

// WithShared lends a client that it did not open and does not close: no scope.
func WithShared(rdb *redis.Client, fn func(*redis.Client) error) error { return fn(rdb) }

// WithForgotten never closes: no scope.
func WithForgotten(fn func(*redis.Client) error) error {
	return fn(redis.NewClient(defaults))
}

// WithLuck closes only when all went well: no scope.
func WithLuck(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(defaults)
	if err := fn(rdb); err != nil {
		return err
	}
	return rdb.Close()
}
