// Package helpers has scopes and functions that wait, in another package.
package helpers

import (
	"context"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

// WithRedis opens, lends and closes.
func WithRedis(ctx context.Context, fn func(*redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return fn(rdb)
}

// WithRueidis is a scope of rueidis.
func WithRueidis(fn func(rueidis.Client) error) error {
	client, err := rueidis.NewClient(rueidis.ClientOption{})
	if err != nil {
		return err
	}
	defer client.Close()
	return fn(client)
}

// Pause sleeps.
func Pause() { time.Sleep(time.Second) }

// Fetch makes an HTTP request, three calls away.
func Fetch(url string) error { return fetch(url) }

func fetch(url string) error {
	_, err := http.Get(url)
	return err
}

// Pop waits for ever.
func Pop(ctx context.Context, rdb *redis.Client) ([]string, error) {
	return rdb.BLPop(ctx, 0, "jobs").Result()
}

// PopFor waits as long as its caller says.
func PopFor(ctx context.Context, rdb *redis.Client, d time.Duration) ([]string, error) {
	return rdb.BLPop(ctx, d, "jobs").Result()
}

// Maybe sleeps if its caller says so.
func Maybe(wait bool) {
	if wait {
		time.Sleep(time.Second)
	}
}

// Later sleeps in a goroutine.
func Later() { go time.Sleep(time.Second) }
