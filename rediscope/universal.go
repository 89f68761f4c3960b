package rediscope

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// WithUniversal does as WithRedis for a cluster, Sentinel, a ring or a single
// server, as the options Universal, Ring, Options or URL say. A scope on a
// cluster or ring opens connections to each server that it needs, and asks the
// cluster for its layout first: the more servers, the more it costs.
func WithUniversal(ctx context.Context, fn func(context.Context, redis.UniversalClient) error, opts ...Option) error {
	c, err := configure(opts)
	if err != nil {
		return err
	}
	r := c.begin(1)
	return r.result(r.any(ctx, fn))
}

// WithUniversalRetry does as WithRedisRetry for the clients of WithUniversal. A
// cluster's own repetitions are limited to what has not been sent.
func WithUniversalRetry(ctx context.Context, fn func(context.Context, redis.UniversalClient) error, opts ...Option) error {
	c, err := configure(opts)
	if err != nil {
		return err
	}
	return c.retry(ctx, func(r *run) error { return r.any(ctx, fn) })
}

// WithUniversalFallback does as WithRedisFallback for the clients of WithUniversal.
func WithUniversalFallback[T any](ctx context.Context, fn func(context.Context, redis.UniversalClient) (T, error),
	fallback func(ctx context.Context, cause error) (T, error), opts ...Option) (T, error) {
	c, err := configure(opts)
	if err != nil {
		return fallback(ctx, err)
	}
	var v T
	err = c.begin(1).any(ctx, func(ctx context.Context, rdb redis.UniversalClient) (err error) {
		v, err = fn(ctx, rdb)
		return err
	})
	if err == nil {
		return v, nil
	}
	c.fallingBack(ctx, err)
	return fallback(ctx, err)
}
