// Package store is where the module meets go-redis. What it does to a client
// reaches the other packages as facts.
package store

import (
	"context"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"
)

//rules unclosed undeferred singleton

var options = &redis.Options{Addr: "localhost:6379", DialTimeout: 5 * time.Second}

// Open returns a client that answers. The caller must close it.
func Open(ctx context.Context) (*redis.Client, error) {
	rdb := connect()
	if err := rdb.Ping(ctx).Err(); err != nil {
		Close(rdb)
		return nil, err
	}
	return rdb, nil
}

// OpenHastily forgets the client that does not answer.
func OpenHastily(ctx context.Context) (*redis.Client, error) {
	rdb := connect() // unclosed
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return rdb, nil
}

func connect() *redis.Client { return redis.NewClient(options) }

// Close closes a client and says so.
func Close(rdb *redis.Client) { closeLogged(rdb) }

func closeLogged(rdb *redis.Client) {
	if err := rdb.Close(); err != nil {
		slog.Error("redis", "error", err)
	}
}

// Touch uses a client and leaves it open.
func Touch(ctx context.Context, rdb redis.UniversalClient) error {
	return rdb.Incr(ctx, "touched").Err()
}

// Carts owns a client.
type Carts struct{ rdb *redis.Client }

// OpenCarts opens the carts. The caller must release them.
func OpenCarts(ctx context.Context) (*Carts, error) {
	rdb, err := Open(ctx)
	if err != nil {
		return nil, err
	}
	return &Carts{rdb: rdb}, nil
}

// Len counts the things in a cart.
func (c *Carts) Len(ctx context.Context, name string) (int64, error) {
	return c.rdb.LLen(ctx, name).Result()
}

// Release closes the client.
func (c *Carts) Release() { Close(c.rdb) }

// WithRedis opens a client, lends it and closes it.
func WithRedis(ctx context.Context, fn func(context.Context, *redis.Client) error) error {
	rdb := connect()
	defer Close(rdb)
	return fn(ctx, rdb)
}

// WithLuck closes the client unless something fails: no scope.
func WithLuck(fn func(*redis.Client) error) error {
	rdb := connect() // unclosed
	if err := fn(rdb); err != nil {
		return err
	}
	return rdb.Close()
}

// Rename issues a command on the client that it is handed.
func Rename(ctx context.Context, rdb *redis.Client, from, to string) error {
	return rdb.Rename(ctx, from, to).Err()
}

// WaitForOrder waits until there is an order.
func WaitForOrder(ctx context.Context, rdb *redis.Client) error {
	return rdb.BLPop(ctx, 0, "orders").Err()
}

// EachOrder calls a func with each order, for ever.
func EachOrder(ctx context.Context, rdb *redis.Client, fn func(string)) {
	sub := rdb.Subscribe(ctx, "orders")
	defer sub.Close()
	for msg := range sub.Channel() {
		fn(msg.Payload)
	}
}
