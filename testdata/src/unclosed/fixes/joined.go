package fixes

import (
	"errors"
	"fmt"

	goredis "github.com/redis/go-redis/v9"
)

// This file joins the error of a Close to the one that it returns.
func returnsBoth() (*store, error) {
	rdb := goredis.NewClient(opts)
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, errors.Join(err, rdb.Close())
	}
	return &store{rdb: rdb}, nil
}

func returnsBothToo() (*store, error) {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, fmt.Errorf("ping: %w", err)
	}
	return &store{rdb: rdb}, nil
}
