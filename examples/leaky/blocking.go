package main

import (
	"context"

	"github.com/redis/rueidis"
)

// restocked waits until somebody brings more. Nobody might, and the connection
// is held until the platform ends the function.
func restocked(ctx context.Context) (item string, err error) {
	err = withStock(func(client rueidis.Client) error {
		pop := client.B().Blpop().Key("restocked").Timeout(0).Build()
		reply, err := client.Do(ctx, pop).AsStrSlice() // blocking
		if err == nil {
			item = reply[1]
		}
		return err
	})
	return item, err
}
