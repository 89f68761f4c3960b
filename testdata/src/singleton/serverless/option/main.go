// Command option starts in other ways.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// makeHandler returns a closure over its parameter.
func makeHandler(rdb redis.UniversalClient) func(context.Context, string) (string, error) {
	return func(ctx context.Context, key string) (string, error) {
		return rdb.Get(ctx, key).Result()
	}
}

// worker is a handler by its method.
type worker struct{ pool *redigo.Pool }

// Invoke answers.
func (w worker) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	conn := w.pool.Get()
	defer conn.Close()
	return redigo.Bytes(conn.Do("GET", string(payload)))
}

func main() {
	pool := &redigo.Pool{ // want `pool is kept across invocations by the handler of lambda.StartHandler`
		Dial: func() (redigo.Conn, error) { return redigo.Dial("tcp", "cache:6379") },
	}
	go lambda.StartHandler(worker{pool: pool})

	rdb := redis.NewUniversalClient(&redis.UniversalOptions{}) // want `rdb is kept across invocations by the handler of lambda.StartWithOptions`
	lambda.StartWithOptions(makeHandler(rdb), lambda.WithEnableSIGTERM())
}
