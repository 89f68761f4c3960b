package main

import (
	"context"

	"github.com/redis/rueidis"
)

// left says how many pieces are left. The answer leaves the callback, and the
// client stays.
func left(ctx context.Context, item string) (n int64, err error) {
	err = withStock(func(client rueidis.Client) error {
		n, err = client.Do(ctx, client.B().Get().Key("stock:"+item).Build()).AsInt64()
		return err
	})
	return n, err
}
