// Package uses uses them.
package uses

import (
	"context"

	"example.com/multiplex/clients"
	"github.com/redis/rueidis"
	"github.com/valkey-io/valkey-go"
)

var client rueidis.Client // singleton

var other valkey.Client // singleton

var option = rueidis.ClientOption{}

func dropped(ctx context.Context) error {
	c, err := clients.Rueidis() // unclosed
	if err != nil {
		return err
	}
	return c.Do(ctx, c.B().Del().Key("k").Build()).Error() // unscoped
}

func droppedValkey(ctx context.Context) error {
	c, err := clients.Valkey(ctx) // unclosed
	if err != nil {
		return err
	}
	return c.Do(ctx, c.B().Del().Key("k").Build()).Error() // unscoped
}

func dedicatedDropped(ctx context.Context) error {
	return clients.With(func(client rueidis.Client) error {
		c, cancel := client.Dedicate() // unclosed
		if err := c.Do(ctx, c.B().Watch().Key("k").Build()).Error(); err != nil {
			return err
		}
		cancel()
		return nil
	})
}

func plain(ctx context.Context) error {
	return clients.WithValkey(ctx, func(client valkey.Client) error {
		c, cancel := client.Dedicate()
		err := c.Do(ctx, c.B().Watch().Key("k").Build()).Error()
		cancel() // undeferred
		return err
	})
}

func cached(ctx context.Context) (string, error) {
	return client.DoCache(ctx, client.B().Get().Key("k").Cache(), 1).ToString() // unscoped
}

func inside(ctx context.Context) error {
	return clients.With(func(client rueidis.Client) error {
		return client.Do(ctx, client.B().Ping().Build()).Error()
	})
}

func insideDedicated(ctx context.Context) error {
	return clients.With(func(client rueidis.Client) error {
		return client.Dedicated(func(c rueidis.DedicatedClient) error {
			return c.Do(ctx, c.B().Ping().Build()).Error()
		})
	})
}

func dedicatedReleased(ctx context.Context) error {
	return clients.WithValkey(ctx, func(client valkey.Client) error {
		c, cancel := client.Dedicate()
		defer cancel()
		return c.Do(ctx, c.B().Ping().Build()).Error()
	})
}

func build() rueidis.Completed { return client.B().Ping().Build() }
