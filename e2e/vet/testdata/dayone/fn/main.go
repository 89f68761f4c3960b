// Command fn is a Lambda function with the three mistakes.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/redis/go-redis/v9"
)

var opts = &redis.Options{Addr: "cache:6379"}

var sessions = redis.NewClient(opts) // singleton

func handle(ctx context.Context, id string) (string, error) {
	name, err := sessions.Get(ctx, id).Result() // unscoped
	if err != nil {
		return "", err
	}
	rdb := redis.NewClient(opts) // unclosed
	return name, count(ctx, rdb) // unscoped
}

func count(ctx context.Context, rdb *redis.Client) error { return rdb.Incr(ctx, "n").Err() }

func audit(ctx context.Context) error {
	rdb := redis.NewClient(opts)
	err := count(ctx, rdb) // unscoped
	rdb.Close()            // undeferred
	return err
}

func main() {
	lambda.Start(func(ctx context.Context, id string) (string, error) {
		if err := audit(ctx); err != nil {
			return "", err
		}
		return handle(ctx, id)
	})
}
