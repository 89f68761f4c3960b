// Package handlers answers requests, and holds clients while it waits.
package handlers

import (
	"context"
	"database/sql"
	"net/http"
	"time"

	"example.com/shop/store"
	"github.com/redis/go-redis/v9"
)

//rules blocking

type shop struct {
	rdb *redis.Client
	db  *sql.DB
}

func (s *shop) pop(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return rdb.BLPop(ctx, 0, "orders").Err() // blocking
	})
}

func (s *shop) readGroup(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return rdb.XReadGroup(ctx, &redis.XReadGroupArgs{Group: "g", Consumer: "c", Streams: []string{"orders", ">"}}).Err() // blocking
	})
}

func (s *shop) query(ctx context.Context, id int) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		var name string
		if err := s.db.QueryRowContext(ctx, "SELECT name FROM shop WHERE id = $1", id).Scan(&name); err != nil { // blocking
			return err
		}
		return rdb.Set(ctx, "name", name, time.Minute).Err()
	})
}

func (s *shop) waits(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return store.WaitForOrder(ctx, rdb) // blocking
	})
}

func (s *shop) serveOrders(w http.ResponseWriter, r *http.Request) {
	s.rdb.BRPopLPush(r.Context(), "orders", "taken", 0) // blocking
}

func (s *shop) popSoon(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return rdb.BLPop(ctx, time.Second, "orders").Err()
	})
}

func (s *shop) readWithBlock(ctx context.Context) error {
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return rdb.XRead(ctx, &redis.XReadArgs{Streams: []string{"orders", "$"}, Block: time.Second}).Err()
	})
}

func (s *shop) queryFirst(ctx context.Context, id int) error {
	var name string
	if err := s.db.QueryRowContext(ctx, "SELECT name FROM shop WHERE id = $1", id).Scan(&name); err != nil {
		return err
	}
	return store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Set(ctx, "name", name, time.Minute).Err()
	})
}

func (s *shop) work(ctx context.Context) {
	for {
		s.rdb.BLPop(ctx, 0, "orders")
		time.Sleep(time.Second)
	}
}
