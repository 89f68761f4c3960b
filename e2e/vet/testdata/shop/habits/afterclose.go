// Package habits has the habits of a shop: when it closes, opens and gives up.
package habits

import (
	"context"

	"example.com/shop/store"
	"github.com/redis/go-redis/v9"
)

//rules afterclose

func closedOnTheWay(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	if err := rdb.Ping(ctx).Err(); err != nil {
		rdb.Close()
	}
	err := rdb.Set(ctx, "k", 1, 0).Err() // afterclose
	rdb.Close()
	return err
}

func subscriptionClosed(ctx context.Context, rdb *redis.Client) error {
	sub := rdb.Subscribe(ctx, "c")
	sub.Close()
	_, err := sub.ReceiveMessage(ctx) // afterclose
	return err
}

func lent(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		defer rdb.Close() // afterclose
		return rdb.Ping(ctx).Err()
	})
}

func lentMaster(ctx context.Context, c *redis.ClusterClient) error {
	return c.ForEachMaster(ctx, func(ctx context.Context, rdb *redis.Client) error {
		defer rdb.Close() // afterclose
		return rdb.Ping(ctx).Err()
	})
}

func connect() func() error {
	rdb := redis.NewClient(&redis.Options{})
	return rdb.Close
}

func dropsCleanup() {
	defer connect() // afterclose
}

func runsCleanup() {
	defer connect()()
}

func closesTwice(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	if err := rdb.Ping(ctx).Err(); err != nil {
		return err
	}
	return rdb.Close()
}

func ownInScope(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		conn := rdb.Conn()
		defer conn.Close()
		return conn.Ping(ctx).Err()
	})
}

func reopens(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	if rdb.Ping(ctx).Err() != nil {
		rdb.Close()
		rdb = redis.NewClient(&redis.Options{Addr: "other:6379"})
	}
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}
