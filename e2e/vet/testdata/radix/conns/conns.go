// Package conns opens radix pools and connections.
package conns

import (
	"context"

	"github.com/mediocregopher/radix/v4"
)

// Open opens a pool. The caller must close it.
func Open(ctx context.Context) (radix.Client, error) {
	return radix.PoolConfig{Size: 3}.New(ctx, "tcp", "localhost:6379")
}

// With lends a pool.
func With(ctx context.Context, fn func(radix.Client) error) error { // unlogged
	client, err := Open(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	return fn(client)
}
