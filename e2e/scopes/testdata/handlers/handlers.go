// Command handlers has handlers in an invocation each. A line that ends with
// "bad" is reported, with the wrappers and without.
package main

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/httpscope"
	"github.com/redislint/redislint/rediscope/lambdascope"
)

type event struct{ ID string }

type app struct{ kept *redis.Client }

func (a *app) handle(ctx context.Context, e event) (string, error) {
	name, err := rediscope.Value(ctx, func(ctx context.Context, rdb *redis.Client) (string, error) {
		return rdb.Get(ctx, e.ID).Result()
	})
	if err != nil {
		return "", err
	}
	time.Sleep(time.Second)
	return rediscope.Value(ctx, func(ctx context.Context, rdb *redis.Client) (string, error) {
		time.Sleep(time.Second) // bad: blocking
		a.kept = rdb            // bad: escape
		return name, rdb.Set(ctx, e.ID, name, time.Hour).Err()
	})
}

func web(w http.ResponseWriter, r *http.Request) {
	err := rediscope.WithRedis(r.Context(), func(ctx context.Context, rdb *redis.Client) error {
		go func() { rdb.Ping(ctx) }()       // bad: escape
		return rdb.BLPop(ctx, 0, "x").Err() // bad: blocking
	})
	if err != nil {
		http.Error(w, "later", http.StatusServiceUnavailable)
	}
}

func main() {
	go func() {
		_ = http.ListenAndServe(":1", httpscope.Handler(http.HandlerFunc(web)))
	}()
	var a app
	lambda.Start(lambdascope.Func(a.handle))
}
