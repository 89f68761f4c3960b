package main

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// moderated runs fn, and nobody else's at the same time.
func moderated(ctx context.Context, review string, fn func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return withReviews(func(rdb *redis.Client) error {
		if ok, err := rdb.SetNX(ctx, "lock:"+review, 1, time.Minute).Result(); err != nil || !ok {
			return err
		}
		defer func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
			defer cancel()
			rdb.Del(ctx, "lock:"+review)
		}()
		return fn(ctx)
	})
}
