package main

import (
	"context"

	"github.com/redis/rueidis"
)

// restocked waits three seconds for somebody to bring more.
func restocked(ctx context.Context) (item string, err error) {
	err = withStock(func(client rueidis.Client) error {
		pop := client.B().Blpop().Key("restocked").Timeout(3).Build()
		reply, err := client.Do(ctx, pop).AsStrSlice()
		if rueidis.IsRedisNil(err) {
			return nil
		}
		if err == nil {
			item = reply[1]
		}
		return err
	})
	return item, err
}
