package main

import (
	"context"

	"github.com/redis/rueidis"
)

// give puts items back, all over one connection.
func give(ctx context.Context, items []string) error {
	return withStock(func(client rueidis.Client) error {
		c, cancel := client.Dedicate()
		defer cancel()
		for _, item := range items {
			if err := c.Do(ctx, c.B().Incr().Key("stock:"+item).Build()).Error(); err != nil {
				return err
			}
		}
		return nil
	})
}
