// Command tool copies keys, and ends.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/redis/go-redis/v9"
)

type copier struct{ from, to *redis.Client }

func (c *copier) copy(ctx context.Context, key string) error {
	value, err := c.from.Dump(ctx, key).Result() // unscoped
	if err != nil {
		return err
	}
	return c.to.RestoreReplace(ctx, key, 0, value).Err() // unscoped
}

func run(ctx context.Context, keys []string) error {
	from := redis.NewClient(&redis.Options{Addr: os.Getenv("FROM")})
	defer from.Close()
	to := redis.NewClient(&redis.Options{Addr: os.Getenv("TO")})
	defer to.Close()
	if err := to.FlushDB(ctx).Err(); err != nil {
		return err
	}
	c := &copier{from, to}
	for _, key := range keys {
		if err := c.copy(ctx, key); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
