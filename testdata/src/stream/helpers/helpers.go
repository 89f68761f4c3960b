// Package helpers reads messages in another package.
package helpers

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// Listen calls a func with each message, for ever.
func Listen(ctx context.Context, rdb *redis.Client, fn func(string)) {
	sub := rdb.Subscribe(ctx, "news")
	defer sub.Close()
	for msg := range sub.Channel() {
		fn(msg.Payload)
	}
}

// ListenUntil ends with its context.
func ListenUntil(ctx context.Context, rdb *redis.Client, fn func(string)) {
	sub := rdb.Subscribe(ctx, "news")
	defer sub.Close()
	ch := sub.Channel()
	for {
		select {
		case <-ctx.Done():
			return
		case msg := <-ch:
			fn(msg.Payload)
		}
	}
}
