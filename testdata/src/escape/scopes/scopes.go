// Package scopes has the scopes of another package.
package scopes

import (
	"context"
	"sync"

	"github.com/redis/go-redis/v9"
)

// WithRedis opens, lends and closes.
func WithRedis(ctx context.Context, fn func(*redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return fn(rdb)
}

// Query is a scope with a result.
func Query[T any](ctx context.Context, fn func(*redis.Client) (T, error)) (T, error) {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return fn(rdb)
}

// Watch starts a goroutine.
func Watch(rdb *redis.Client) {
	go rdb.Ping(context.Background())
}

// Warm waits for the goroutine that it starts.
func Warm(rdb *redis.Client) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		rdb.Ping(context.Background())
	}()
	wg.Wait()
}

// Each lends a client to the body of a loop.
func Each(keys []string) func(yield func(string, *redis.Client) bool) {
	return func(yield func(string, *redis.Client) bool) {
		rdb := redis.NewClient(&redis.Options{})
		defer rdb.Close()
		for _, k := range keys {
			if !yield(k, rdb) {
				return
			}
		}
	}
}
