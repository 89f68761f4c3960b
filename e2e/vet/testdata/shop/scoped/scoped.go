// Package scoped issues commands inside and outside of the scopes of store and
// service.
package scoped

import (
	"context"
	"errors"

	"example.com/shop/service"
	"example.com/shop/store"
	"github.com/redis/go-redis/v9"
)

//rules unscoped

type repo struct {
	rdb      *redis.Client
	commands redis.Cmdable
}

func (r *repo) outside(ctx context.Context) error {
	return r.rdb.Get(ctx, "k").Err() // unscoped
}

func (r *repo) outsideInterface(ctx context.Context) error {
	return r.commands.Set(ctx, "k", 1, 0).Err() // unscoped
}

func local(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	err := rdb.Del(ctx, "k").Err() // unscoped
	return errors.Join(err, rdb.Close())
}

// An inline scope.
func inline(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return rdb.Del(ctx, "k").Err()
}

// A check in an opener.
func checked(ctx context.Context) (*redis.Client, error) {
	rdb := redis.NewClient(&redis.Options{})
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, errors.Join(err, rdb.Close())
	}
	return rdb, nil
}

func (r *repo) otherClient(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return r.rdb.Del(ctx, "k").Err() // unscoped
	})
}

func (r *repo) handed(ctx context.Context) error {
	return store.Rename(ctx, r.rdb, "a", "b") // unscoped
}

// Three calls and two packages away from the command.
func (r *repo) handedFar(ctx context.Context) error {
	return service.RenameBoth(ctx, r.rdb, "a", "b") // unscoped
}

func luck(ctx context.Context) error {
	return store.WithLuck(func(rdb *redis.Client) error {
		return rdb.Ping(ctx).Err() // unscoped
	})
}

func (r *repo) queue(ctx context.Context) error {
	_, err := r.rdb.TxPipelined(ctx, func(redis.Pipeliner) error { return nil }) // unscoped
	return err
}

func inside(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Set(ctx, "k", 1, 0).Err()
	})
}

func insideGeneric(ctx context.Context) string {
	return service.WithFallback(ctx, "?", func(ctx context.Context, rdb *redis.Client) (string, error) {
		return rdb.Get(ctx, "k").Result()
	})
}

func insideHelper(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return store.Rename(ctx, rdb, "a", "b")
	})
}

func insideFar(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return service.RenameBoth(ctx, rdb, "a", "b")
	})
}

func (r *repo) callback(ctx context.Context, rdb *redis.Client) error {
	return rdb.Incr(ctx, "n").Err()
}

func (r *repo) insideMethod(ctx context.Context) error { return store.WithRedis(ctx, r.callback) }

func insidePipeline(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		pipe := rdb.TxPipeline()
		pipe.Incr(ctx, "n")
		_, err := pipe.Exec(ctx)
		return err
	})
}

func insideTransaction(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Watch(ctx, func(tx *redis.Tx) error { return tx.Get(ctx, "n").Err() }, "n")
	})
}

func (r *repo) noCommand() string { return r.rdb.Options().Addr }
