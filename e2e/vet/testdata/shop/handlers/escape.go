package handlers

import (
	"context"
	"sync"

	"example.com/shop/store"
	"github.com/redis/go-redis/v9"
)

//rules escape

type names struct {
	rdb  *redis.Client
	next func() string
	keys *redis.ScanIterator
}

func (n *names) keep(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		n.rdb = rdb // escape
		return nil
	})
}

func (n *names) later(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		n.next = func() string { return rdb.RandomKey(ctx).Val() } // escape
		return nil
	})
}

func (n *names) scan(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		n.keys = rdb.Scan(ctx, 0, "*", 0).Iterator() // escape
		return nil
	})
}

func (n *names) background(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		go store.Touch(ctx, rdb) // escape
		return nil
	})
}

func (n *names) result(ctx context.Context) (cmd *redis.StringCmd, err error) {
	err = store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		cmd = rdb.RandomKey(ctx)
		return cmd.Err()
	})
	return cmd, err
}

func (n *names) restored(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		n.rdb = rdb
		defer func() { n.rdb = nil }()
		return store.Touch(ctx, n.rdb)
	})
}

func (n *names) waited(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		var wg sync.WaitGroup
		wg.Go(func() { store.Touch(ctx, rdb) })
		wg.Wait()
		return nil
	})
}

func (n *names) scanned(ctx context.Context) (keys []string, err error) {
	err = store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		it := rdb.Scan(ctx, 0, "*", 0).Iterator()
		for it.Next(ctx) {
			keys = append(keys, it.Val())
		}
		return it.Err()
	})
	return keys, err
}
