package main

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// moderated runs fn, and nobody else's at the same time. When fn has used up the
// time, there is none left to give the lock back, and it stays for a minute.
func moderated(ctx context.Context, review string, fn func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return withReviews(func(rdb *redis.Client) error {
		if ok, err := rdb.SetNX(ctx, "lock:"+review, 1, time.Minute).Result(); err != nil || !ok {
			return err
		}
		defer rdb.Del(ctx, "lock:"+review) // afterclose
		return fn(ctx)
	})
}
