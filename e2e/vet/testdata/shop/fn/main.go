// Command fn gives its handler a client.
package main

import (
	"context"

	"example.com/shop/store"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/redis/go-redis/v9"
)

type handler struct{ rdb *redis.Client }

func (h *handler) handle(ctx context.Context, key string) error {
	return store.Rename(ctx, h.rdb, key, key+".old") // unscoped
}

func main() {
	rdb := redis.NewClient(&redis.Options{Addr: "localhost:6379"}) // singleton
	h := &handler{rdb: rdb}
	lambda.Start(h.handle)
}
