package fixes

import (
	"log"

	goredis "github.com/redis/go-redis/v9"
)

// This file logs the error of a Close.
func logs() error {
	rdb := goredis.NewClient(opts)
	err := rdb.Ping(ctx).Err()
	if err := rdb.Close(); err != nil {
		log.Printf("failed to close the client: %v", err)
	}
	return err
}

func logsToo() (*store, error) {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return &store{rdb: rdb}, nil
}

// What the text says is not true of a subscription.
func saysOther(rdb *goredis.Client) (*goredis.PubSub, error) {
	sub := rdb.Subscribe(ctx, "news") // want `sub is not closed on all paths`
	if _, err := sub.Receive(ctx); err != nil {
		return nil, err
	}
	return sub, nil
}
