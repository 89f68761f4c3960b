// Package tests has the same mistake in a program and in its test.
package tests

import (
	"context"

	"github.com/redis/go-redis/v9"
)

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

func count(ctx context.Context) int64 {
	rdb := redis.NewClient(opts())
	n := rdb.Incr(ctx, "n").Val()
	rdb.Close() // want `rdb.Close at line 15 is not deferred`
	return n
}
