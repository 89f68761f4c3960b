// Package app opens clients in every way, and forgets or remembers to close
// them.
package app

import (
	"context"
	"errors"

	"example.com/shop/service"
	"example.com/shop/store"
	"github.com/redis/go-redis/v9"
)

//rules unclosed undeferred

var options = &redis.Options{Addr: "localhost:6379"}

func work() error { return errors.New("work") }

func earlyReturn(ctx context.Context) error {
	rdb := redis.NewClient(options) // unclosed
	if err := rdb.Ping(ctx).Err(); err != nil {
		return err
	}
	return rdb.Close()
}

func chained(ctx context.Context) error {
	return redis.NewClient(options).Ping(ctx).Err() // unclosed
}

func universal(ctx context.Context) error {
	rdb := redis.NewUniversalClient(&redis.UniversalOptions{}) // unclosed
	return store.Touch(ctx, rdb)
}

func subscription(ctx context.Context, rdb *redis.ClusterClient) string {
	sub := rdb.Subscribe(ctx, "news") // unclosed
	msg, err := sub.ReceiveMessage(ctx)
	if err != nil {
		return ""
	}
	return msg.Payload
}

func sticky(ctx context.Context, rdb *redis.Client) error {
	conn := rdb.Conn() // unclosed
	return conn.Select(ctx, 3).Err()
}

func perTurn(ctx context.Context, keys []string) {
	for _, key := range keys {
		rdb := redis.NewRing(&redis.RingOptions{}) // unclosed
		if rdb.Del(ctx, key).Err() != nil {
			continue
		}
		rdb.Close()
	}
}

// Three calls and two packages away from redis.NewClient.
func connected(ctx context.Context) error {
	rdb, err := service.Connect(ctx) // unclosed
	if err != nil {
		return err
	}
	return service.Warm(ctx, rdb)
}

func cleanupDropped(ctx context.Context) error {
	rdb, _, err := service.ConnectWithCleanup(ctx) // unclosed
	if err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

func ownerDropped(ctx context.Context) (int64, error) {
	carts, err := store.OpenCarts(ctx) // unclosed
	if err != nil {
		return 0, err
	}
	return carts.Len(ctx, "anna")
}

func ownersOwnerDropped(ctx context.Context) (int64, error) {
	visit, err := service.NewVisit(ctx, "anna") // unclosed
	if err != nil {
		return 0, err
	}
	return visit.Len(ctx)
}

func plain(ctx context.Context) error {
	rdb := redis.NewClient(options)
	err := rdb.Ping(ctx).Err()
	rdb.Close() // undeferred
	return err
}

func plainReturn(ctx context.Context) error {
	rdb := redis.NewFailoverClient(&redis.FailoverOptions{})
	rdb.Incr(ctx, "n")
	return rdb.Close() // undeferred
}

func plainHelper(ctx context.Context) {
	rdb := redis.NewClient(options)
	rdb.Incr(ctx, "n")
	service.Finish(rdb) // undeferred
}

func plainOwner(ctx context.Context) error {
	visit, err := service.NewVisit(ctx, "anna")
	if err != nil {
		return err
	}
	err = work()
	visit.End() // undeferred
	return err
}

func plainSubscription(ctx context.Context, rdb *redis.Client) {
	sub := rdb.Subscribe(ctx, "news")
	sub.Receive(ctx)
	sub.Close() // undeferred
}
