// Package user calls the functions of rediscope. A line that ends with "bad" is
// reported always, one with "scoped" when they do not close what they lend, and
// one with "closed" when they do.
package user

import (
	"context"
	"time"

	"example.com/m/rediscope"
	"github.com/redis/go-redis/v9"
)

func naive(ctx context.Context, fn func(context.Context, *redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{})
	return fn(ctx, rdb)
}

func use(ctx context.Context) error {
	err := naive(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Set(ctx, "a", 1, 0).Err() // bad: unscoped
	})
	if err != nil {
		return err
	}
	if err := rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Set(ctx, "a", 1, 0).Err() // scoped: unscoped
	}); err != nil {
		return err
	}
	if err := rediscope.WithRedisRetry(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Set(ctx, "a", 1, 0).Err() // scoped: unscoped
	}); err != nil {
		return err
	}
	if _, err := rediscope.Value(ctx, func(ctx context.Context, rdb *redis.Client) (int, error) {
		return rdb.Get(ctx, "a").Int() // scoped: unscoped
	}); err != nil {
		return err
	}
	_, err = rediscope.WithRedisFallback(ctx, func(ctx context.Context, rdb *redis.Client) (int, error) {
		return rdb.Get(ctx, "a").Int() // scoped: unscoped
	}, func(ctx context.Context, cause error) (int, error) { return 0, cause })
	if err != nil {
		return err
	}
	if err := rediscope.WithUniversal(ctx, func(ctx context.Context, rdb redis.UniversalClient) error {
		return rdb.Set(ctx, "a", 1, 0).Err() // scoped: unscoped
	}); err != nil {
		return err
	}
	if err := rediscope.WithUniversalRetry(ctx, func(ctx context.Context, rdb redis.UniversalClient) error {
		return rdb.Set(ctx, "a", 1, 0).Err() // scoped: unscoped
	}); err != nil {
		return err
	}
	_, err = rediscope.WithUniversalFallback(ctx, func(ctx context.Context, rdb redis.UniversalClient) (int, error) {
		return rdb.Get(ctx, "a").Int() // scoped: unscoped
	}, func(ctx context.Context, cause error) (int, error) { return 0, cause })
	return err
}

// The scopes of an invocation are scopes, and hold their connections as others do.
func invoked(ctx context.Context) error {
	var kept *redis.Client
	err := rediscope.Invocation(ctx, func(ctx context.Context) error {
		if err := rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
			kept = rdb                 // closed: escape
			time.Sleep(time.Second)    // closed: blocking
			return rdb.Ping(ctx).Err() // scoped: unscoped
		}); err != nil {
			return err
		}
		return naive(ctx, func(ctx context.Context, rdb *redis.Client) error {
			return rdb.Set(ctx, "a", 1, 0).Err() // bad: unscoped
		})
	})
	if err != nil {
		return err
	}
	return kept.Close()
}

// That the callbacks are not merely misunderstood shows the client that leaves.
func keep(ctx context.Context) error {
	var kept redis.UniversalClient
	_ = rediscope.WithRedis(ctx, func(_ context.Context, rdb *redis.Client) error {
		kept = rdb // closed: escape
		return nil
	})
	_ = rediscope.WithRedisRetry(ctx, func(_ context.Context, rdb *redis.Client) error {
		kept = rdb // closed: escape
		return nil
	})
	_, _ = rediscope.Value(ctx, func(_ context.Context, rdb *redis.Client) (int, error) {
		kept = rdb // closed: escape
		return 0, nil
	})
	_ = rediscope.WithUniversal(ctx, func(_ context.Context, rdb redis.UniversalClient) error {
		kept = rdb // closed: escape
		return nil
	})
	return kept.Close()
}
