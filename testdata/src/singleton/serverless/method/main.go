// Command method gives AWS a method whose receiver holds a client.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/redis/go-redis/v9"
)

type handler struct {
	rdb *redis.Client
	ttl int
}

func (h *handler) handle(ctx context.Context, name string) (string, error) {
	return h.rdb.Get(ctx, name).Result()
}

func main() {
	rdb := redis.NewClient(&redis.Options{Addr: "cache:6379"}) // want `rdb is kept across invocations by the handler of lambda.Start`
	h := &handler{rdb: rdb, ttl: 60}
	lambda.Start(h.handle)
}
