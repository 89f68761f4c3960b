// Package clients opens clients of rueidis and valkey.
package clients

import (
	"context"

	"github.com/redis/rueidis"
	"github.com/valkey-io/valkey-go"
)

//rules unclosed undeferred singleton

// Rueidis opens a client. The caller must close it.
func Rueidis() (rueidis.Client, error) {
	return rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{"localhost:6379"}})
}

// Valkey opens a client that answers. The caller must close it.
func Valkey(ctx context.Context) (valkey.Client, error) {
	client, err := valkey.NewClient(valkey.ClientOption{InitAddress: []string{"localhost:6379"}})
	if err != nil {
		return nil, err
	}
	if err := client.Do(ctx, client.B().Ping().Build()).Error(); err != nil {
		client.Close()
		return nil, err
	}
	return client, nil
}

// ValkeyHastily forgets a client that does not answer.
func ValkeyHastily(ctx context.Context) (valkey.Client, error) {
	client, err := valkey.NewClient(valkey.ClientOption{InitAddress: []string{"localhost:6379"}}) // unclosed
	if err != nil {
		return nil, err
	}
	if err := client.Do(ctx, client.B().Ping().Build()).Error(); err != nil {
		return nil, err
	}
	return client, nil
}

// With lends a client of rueidis.
func With(fn func(rueidis.Client) error) error {
	client, err := Rueidis()
	if err != nil {
		return err
	}
	defer client.Close()
	return fn(client)
}

// WithValkey lends a client of valkey.
func WithValkey(ctx context.Context, fn func(valkey.Client) error) error {
	client, err := Valkey(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	return fn(client)
}
