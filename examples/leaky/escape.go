package main

import (
	"context"

	"github.com/redis/rueidis"
)

// left says how many pieces are left. The client is closed when it is asked.
func left(ctx context.Context, item string) (int64, error) {
	var stock rueidis.Client
	err := withStock(func(client rueidis.Client) error {
		stock = client // escape
		return nil
	})
	if err != nil {
		return 0, err
	}
	return stock.Do(ctx, stock.B().Get().Key("stock:"+item).Build()).AsInt64()
}
