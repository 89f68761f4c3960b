package app

import (
	"context"
	"time"

	"example.com/shop/service"
	"example.com/shop/store"
	"github.com/redis/go-redis/v9"
)

//rules unclosed undeferred

func deferred(ctx context.Context) error {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

func deferredHelper(ctx context.Context) error {
	rdb := redis.NewClient(options)
	defer service.Finish(rdb)
	return service.Warm(ctx, rdb)
}

func connectedClosed(ctx context.Context) error {
	rdb, err := service.Connect(ctx)
	if err != nil {
		return err
	}
	defer rdb.Close()
	return service.Warm(ctx, rdb)
}

func cleanupCalled(ctx context.Context) error {
	rdb, cleanup, err := service.ConnectWithCleanup(ctx)
	if err != nil {
		return err
	}
	defer cleanup()
	return rdb.Ping(ctx).Err()
}

func ownerReleased(ctx context.Context) (int64, error) {
	visit, err := service.NewVisit(ctx, "anna")
	if err != nil {
		return 0, err
	}
	defer visit.End()
	return visit.Len(ctx)
}

func clone(ctx context.Context) error {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	return rdb.WithTimeout(time.Minute).Ping(ctx).Err()
}

func stickyClosed(ctx context.Context, rdb *redis.Client) error {
	conn := rdb.Conn()
	defer conn.Close()
	return conn.Select(ctx, 3).Err()
}

func handedOver(ctx context.Context) <-chan string {
	rdb := redis.NewClient(options)
	sub := rdb.Subscribe(ctx, "news")
	out := make(chan string)
	go func() {
		defer close(out)
		defer rdb.Close()
		defer sub.Close()
		for msg := range sub.Channel() {
			out <- msg.Payload
		}
	}()
	return out
}

func onceDone(ctx context.Context) *redis.Client {
	rdb := redis.NewClient(options)
	context.AfterFunc(ctx, func() { rdb.Close() })
	return rdb
}

func perTurnClosed(ctx context.Context, keys []string) {
	for _, key := range keys {
		rdb := redis.NewClient(options)
		rdb.Del(ctx, key)
		rdb.Close()
	}
}

func nothingBetween() {
	rdb := redis.NewClient(options)
	rdb.Close()
}

func bothWays(ctx context.Context) error {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	rdb.Incr(ctx, "n")
	return rdb.Close()
}

func closedWhenItFails(ctx context.Context) (*store.Carts, error) {
	carts, err := store.OpenCarts(ctx)
	if err != nil {
		return nil, err
	}
	if err := work(); err != nil {
		carts.Release()
		return nil, err
	}
	return carts, nil
}
