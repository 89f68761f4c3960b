package main

import (
	"log/slog"

	"github.com/redis/rueidis"
)

// withPrices lends a client of the server that knows the prices. It fails at
// once: the caller knows whether a second try is worth it.
func withPrices(fn func(rueidis.Client) error) error {
	client, err := rueidis.NewClient(rueidis.ClientOption{
		InitAddress:      []string{addr()},
		ConnWriteTimeout: timeout,
		DisableRetry:     true,
	})
	if err != nil {
		return err
	}
	slog.Debug("prices: open")
	defer client.Close()
	return fn(client)
}
