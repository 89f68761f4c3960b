// Package shapes shows what scope helpers look like: they open, lend and
// close, under any name and in any order.
package shapes

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

var options = &redis.Options{Addr: "cache:6379"}

// A method of what knows the settings.
type cache struct{ opts *redis.Options }

func (c *cache) do(fn func(context.Context, *redis.Client) error) error {
	rdb := redis.NewClient(c.opts)
	defer rdb.Close()
	return fn(ctx, rdb)
}

func byMethod(c *cache) error {
	return c.do(func(ctx context.Context, rdb *redis.Client) error { return rdb.Ping(ctx).Err() })
}

// A scope that makes sure of its client first: what the helper does with its
// own client is inside.
func pinging(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	if err := rdb.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("no redis: %w", err)
	}
	return fn(rdb)
}

func byPinging() error {
	return pinging(func(rdb *redis.Client) error { return rdb.Incr(ctx, "n").Err() })
}

// A scope that logs.
func logged(name string, fn func(*redis.Client) error) (err error) {
	start := time.Now()
	rdb := redis.NewClient(options)
	slog.Info("redis opened", "for", name)
	defer func() {
		closeErr := rdb.Close()
		slog.Info("redis closed", "for", name, "after", time.Since(start), "error", closeErr)
		err = errors.Join(err, closeErr)
	}()
	return fn(rdb)
}

func byLogged() error {
	return logged("n", func(rdb *redis.Client) error { return rdb.Incr(ctx, "n").Err() })
}

// A scope with a result.
func query[T any](fn func(*redis.Client) (T, error)) (T, error) {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	return fn(rdb)
}

func byQuery() (string, error) {
	return query(func(rdb *redis.Client) (string, error) { return rdb.Get(ctx, "k").Result() })
}

// A scope that survives a panic of its callback.
func recovering(fn func(*redis.Client)) (err error) {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	fn(rdb)
	return nil
}

func byRecovering() error {
	return recovering(func(rdb *redis.Client) { rdb.Incr(ctx, "n") })
}

// A scope that closes by a plain call, on its only path.
func plain(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(options)
	err := fn(rdb)
	return errors.Join(err, rdb.Close())
}

func byPlain() error {
	return plain(func(rdb *redis.Client) error { return rdb.Incr(ctx, "n").Err() })
}

// A scope that opens and closes by functions of its own.
func open(name string) (*redis.Client, error) {
	if name == "" {
		return nil, errors.New("no name")
	}
	return redis.NewClient(&redis.Options{Addr: "cache:6379", ClientName: name}), nil
}

func shut(rdb *redis.Client) {
	if err := rdb.Close(); err != nil {
		slog.Warn("redis", "error", err)
	}
}

func named(name string, fn func(*redis.Client) error) error {
	rdb, err := open(name)
	if err != nil {
		return err
	}
	defer shut(rdb)
	return fn(rdb)
}

func byNamed() error {
	return named("counter", func(rdb *redis.Client) error { return rdb.Incr(ctx, "n").Err() })
}

// A scope that lends an interface.
func lending(fn func(redis.Cmdable) error) error {
	rdb := redis.NewUniversalClient(&redis.UniversalOptions{})
	defer rdb.Close()
	return fn(rdb)
}

func byLending() error {
	return lending(func(commands redis.Cmdable) error { return commands.Incr(ctx, "n").Err() })
}

// A named type of callback.
type callback func(context.Context, *redis.Client) error

func withCallback(cb callback) error {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	return cb(ctx, rdb)
}

func byCallbackType() error {
	return withCallback(func(ctx context.Context, rdb *redis.Client) error { return rdb.Incr(ctx, "n").Err() })
}

// A scope that runs several callbacks.
func variadic(fns ...func(*redis.Client) error) (err error) {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	for _, fn := range fns {
		err = errors.Join(err, fn(rdb))
	}
	return err
}

func byVariadic() error {
	return variadic(
		func(rdb *redis.Client) error { return rdb.Incr(ctx, "a").Err() },
		func(rdb *redis.Client) error { return rdb.Incr(ctx, "b").Err() },
	)
}
