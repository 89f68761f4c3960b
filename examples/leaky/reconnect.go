package main

import (
	"log/slog"

	"github.com/redis/rueidis"
)

// withPrices lends a client of the server that knows the prices. A command that
// only reads is sent again and again, until its context ends.
func withPrices(fn func(rueidis.Client) error) error {
	client, err := rueidis.NewClient(rueidis.ClientOption{ // reconnect
		InitAddress:      []string{addr()},
		ConnWriteTimeout: timeout,
	})
	if err != nil {
		return err
	}
	slog.Debug("prices: open")
	defer client.Close()
	return fn(client)
}
