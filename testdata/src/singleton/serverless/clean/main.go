// Command clean opens its client in the handler.
package main

import (
	"context"
	"log"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/redis/go-redis/v9"
)

// handler holds settings, not connections.
type handler struct {
	opts *redis.Options
	open func(*redis.Options) *redis.Client
}

func (h *handler) handle(ctx context.Context, key string) (string, error) {
	rdb := h.open(h.opts)
	defer rdb.Close()
	return rdb.Get(ctx, key).Result()
}

// withRedis is the project's scope.
func withRedis(opts *redis.Options, fn func(*redis.Client) error) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	return fn(rdb)
}

func main() {
	opts := &redis.Options{Addr: "cache:6379", DialTimeout: 5 * time.Second}

	// Used and closed before the first invocation.
	check := redis.NewClient(opts)
	if err := check.Ping(context.Background()).Err(); err != nil {
		log.Println("no redis yet:", err)
	}
	check.Close()

	h := &handler{opts: opts, open: redis.NewClient}
	go lambda.Start(h.handle)

	lambda.Start(func(ctx context.Context, key string) (value string, err error) {
		err = withRedis(opts, func(rdb *redis.Client) error {
			value, err = rdb.Get(ctx, key).Result()
			return err
		})
		return value, err
	})
}
