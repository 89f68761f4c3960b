// Package named has a scope that cannot be proved. The test gives its
// name to the flag.
package named

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// shared is closed by somebody else, on whom the team relies.
var shared *redis.Client

// Around lends it.
func Around(name string, fn func(context.Context, *redis.Client) error) error {
	return fn(context.Background(), shared)
}

// A callback of the named function.
func inside() error {
	return Around("main", func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Ping(ctx).Err()
	})
}

// Beside lends the same client, and is not named.
func Beside(fn func(context.Context, *redis.Client) error) error {
	return fn(context.Background(), shared)
}

// A callback of the other one.
func outside() error {
	return Beside(func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Ping(ctx).Err() // want `rdb\.Ping runs( Redis commands)? outside a scope`
	})
}
