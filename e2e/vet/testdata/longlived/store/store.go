// Package store reads and writes.
package store

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// Default is opened once. In a service that is right.
var Default = redis.NewClient(&redis.Options{Addr: "cache:6379"})

type Store struct{ opts *redis.Options }

func (s *Store) Get(ctx context.Context, key string) (string, error) {
	rdb := redis.NewClient(s.opts) // percall
	defer rdb.Close()
	return rdb.Get(ctx, key).Result()
}

// Open opens a client for the caller.
func Open() *redis.Client { return redis.NewClient(&redis.Options{Addr: "cache:6379"}) }

// Tenant is told where to.
func Tenant(ctx context.Context, addr string) error {
	rdb := redis.NewClient(&redis.Options{Addr: addr})
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}
