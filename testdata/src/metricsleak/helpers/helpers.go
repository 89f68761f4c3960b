// Package helpers has scopes and instrumentation of another package.
package helpers

import (
	"github.com/redis/go-redis/extra/redisotel/v9"
	"github.com/redis/go-redis/v9"
)

// WithRedis opens, lends and closes.
func WithRedis(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return fn(rdb)
}

// Measure registers what it is given.
func Measure(rdb redis.UniversalClient) error { return redisotel.InstrumentMetrics(rdb) }

// Trace registers nothing.
func Trace(rdb redis.UniversalClient) error { return redisotel.InstrumentTracing(rdb) }
