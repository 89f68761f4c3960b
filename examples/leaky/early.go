package main

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// prices tells of new prices. The subscription is closed as soon as the caller
// has its channel, which ends at once.
func prices(ctx context.Context, rdb *redis.Client) <-chan *redis.Message {
	sub := rdb.Subscribe(ctx, "prices")
	defer sub.Close() // afterclose
	return sub.Channel()
}
