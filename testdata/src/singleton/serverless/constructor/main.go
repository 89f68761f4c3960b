// Command constructor gives AWS a method of what a constructor made.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/redis/go-redis/v9"
)

type handler struct{ rdb *redis.Client }

func newHandler(addr string) *handler {
	return &handler{rdb: redis.NewClient(&redis.Options{Addr: addr})} // want `is kept across invocations by the handler of lambda.Start`
}

func (h *handler) handle(ctx context.Context, name string) (string, error) {
	return h.rdb.Get(ctx, name).Result()
}

func main() {
	h := newHandler("cache:6379")
	lambda.Start(h.handle)
}
