// Package uses uses them.
package uses

import (
	"context"

	"example.com/radix/conns"
	"github.com/mediocregopher/radix/v4"
)

var cluster *radix.Cluster // singleton

var config = radix.PoolConfig{Size: 3}

func dialled(ctx context.Context) error {
	conn, err := radix.Dial(ctx, "tcp", "localhost:6379") // unclosed
	if err != nil {
		return err
	}
	return conn.Do(ctx, radix.Cmd(nil, "DEL", "k")) // unscoped
}

func pool(ctx context.Context) error {
	client, err := conns.Open(ctx) // unclosed
	if err != nil {
		return err
	}
	if err := client.Do(ctx, radix.Cmd(nil, "DEL", "k")); err != nil { // unscoped
		return err
	}
	return client.Close()
}

func inside(ctx context.Context) error {
	return conns.With(ctx, func(client radix.Client) error {
		return client.Do(ctx, radix.Cmd(nil, "PING"))
	})
}

func closed(ctx context.Context) error {
	client, err := conns.Open(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	return nil
}
