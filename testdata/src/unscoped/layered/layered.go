// Package layered builds scopes out of the scopes of another package.
package layered

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
	"unscoped/scopes"
)

// WithFallback runs fn in a scope and answers with fallback when it fails.
func WithFallback[T any](ctx context.Context, fallback T, fn func(context.Context, *redis.Client) (T, error)) T {
	result := fallback
	err := scopes.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		value, err := fn(ctx, rdb)
		if err == nil {
			result = value
		}
		return err
	})
	if err != nil {
		return fallback
	}
	return result
}

// WithRetry runs fn in a scope, several times if need be.
func WithRetry(ctx context.Context, attempts int, fn func(context.Context, *redis.Client) error) (err error) {
	for i := 0; i < attempts; i++ {
		if err = scopes.WithRedis(ctx, fn); err == nil {
			return nil
		}
		time.Sleep(time.Duration(i) * time.Millisecond)
	}
	return err
}
