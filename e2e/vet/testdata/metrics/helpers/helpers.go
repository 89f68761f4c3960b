// Package helpers has a scope, and registers what it is given.
package helpers

import (
	"log/slog"

	"github.com/redis/go-redis/extra/redisotel/v9"
	"github.com/redis/go-redis/v9"
)

//rules metricsleak

// WithRedis opens a client, lends it and closes it.
func WithRedis(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{Addr: "localhost:6379"})
	defer func() { slog.Debug("redis: closed", "error", rdb.Close()) }()
	return fn(rdb)
}

// Measure registers a client.
func Measure(rdb redis.UniversalClient) error { return redisotel.InstrumentMetrics(rdb) }

// Trace traces a client.
func Trace(rdb redis.UniversalClient) error { return redisotel.InstrumentTracing(rdb) }
