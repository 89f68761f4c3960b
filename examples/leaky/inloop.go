package main

import (
	"context"

	"github.com/redis/rueidis"
)

// give puts items back. None of the connections goes back before the last.
func give(ctx context.Context, items []string) error {
	return withStock(func(client rueidis.Client) error {
		for _, item := range items {
			c, cancel := client.Dedicate()
			defer cancel() // inloop
			if err := c.Do(ctx, c.B().Incr().Key("stock:"+item).Build()).Error(); err != nil {
				return err
			}
		}
		return nil
	})
}
