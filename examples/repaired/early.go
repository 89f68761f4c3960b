package main

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// prices tells of new prices for as long as fn runs.
func prices(ctx context.Context, rdb *redis.Client, fn func(<-chan *redis.Message) error) error {
	sub := rdb.Subscribe(ctx, "prices")
	defer sub.Close()
	return fn(sub.Channel())
}
