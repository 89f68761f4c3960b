// Package db shares a client.
package db

import (
	"sync"

	"github.com/redis/go-redis/v9"
)

var (
	once   sync.Once
	client *redis.Client
)

// Client returns the client that all share.
func Client() *redis.Client {
	once.Do(func() { client = redis.NewClient(&redis.Options{}) })
	return client
}

// New returns one for its caller.
func New() *redis.Client { return redis.NewClient(&redis.Options{}) }
