// Package service stands between store and the rest.
package service

import (
	"context"
	"fmt"

	"example.com/shop/store"
	"github.com/redis/go-redis/v9"
)

// Connect opens by way of store. The caller must close the client.
func Connect(ctx context.Context) (*redis.Client, error) {
	rdb, err := store.Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return rdb, nil
}

// ConnectWithCleanup opens, and returns what closes.
func ConnectWithCleanup(ctx context.Context) (*redis.Client, func(), error) {
	rdb, err := Connect(ctx)
	if err != nil {
		return nil, nil, err
	}
	return rdb, func() { store.Close(rdb) }, nil
}

// Finish closes by way of store.
func Finish(rdb *redis.Client) { store.Close(rdb) }

// Warm uses by way of store.
func Warm(ctx context.Context, rdb *redis.Client) error { return store.Touch(ctx, rdb) }

// Visit owns carts.
type Visit struct {
	carts *store.Carts
	name  string
}

// NewVisit begins a visit. The caller must end it.
func NewVisit(ctx context.Context, name string) (*Visit, error) {
	carts, err := store.OpenCarts(ctx)
	if err != nil {
		return nil, err
	}
	return &Visit{carts: carts, name: name}, nil
}

// Len counts.
func (v *Visit) Len(ctx context.Context) (int64, error) { return v.carts.Len(ctx, v.name) }

// End releases the carts.
func (v *Visit) End() { v.carts.Release() }

// WithFallback runs fn in a scope and answers with other when it fails.
func WithFallback[T any](ctx context.Context, other T, fn func(context.Context, *redis.Client) (T, error)) T {
	result := other
	if err := store.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) (err error) {
		result, err = fn(ctx, rdb)
		return err
	}); err != nil {
		return other
	}
	return result
}

// RenameBoth issues commands by way of store.
func RenameBoth(ctx context.Context, rdb *redis.Client, a, b string) error {
	if err := store.Rename(ctx, rdb, a, a+".old"); err != nil {
		return err
	}
	return store.Rename(ctx, rdb, b, b+".old")
}
