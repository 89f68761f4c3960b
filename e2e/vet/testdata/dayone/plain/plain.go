// Package plain has the three mistakes, and nobody knows what runs it.
package plain

import (
	"context"

	"github.com/redis/go-redis/v9"
)

var opts = &redis.Options{Addr: "cache:6379"}

var sessions = redis.NewClient(opts) // singleton

// Name asks a client that nobody can pass in.
func Name(ctx context.Context, id string) (string, error) {
	return sessions.Get(ctx, id).Result() // unscoped
}

// Count closes nothing.
func Count(ctx context.Context) error {
	rdb := redis.NewClient(opts)    // unclosed
	return rdb.Incr(ctx, "n").Err() // unscoped
}

// Forget does not defer.
func Forget(ctx context.Context, id string) error {
	rdb := redis.NewClient(opts)
	err := rdb.Del(ctx, id).Err() // unscoped
	rdb.Close()                   // undeferred
	return err
}
