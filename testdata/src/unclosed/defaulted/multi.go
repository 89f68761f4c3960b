package defaulted

import (
	"context"

	"unclosed/defaulted/lib"

	"github.com/redis/go-redis/v9"
)

func multi(ctx context.Context) error {
	m, err := lib.NewMulti(nil) // want `m is never closed`
	if err != nil {
		return err
	}
	return m.Ping(ctx)
}

func multiCloses(ctx context.Context) error {
	m, err := lib.NewMulti(nil)
	if err != nil {
		return err
	}
	defer m.Close()
	return m.Ping(ctx)
}

// Those that were given a client have opened nothing.
func multiGiven(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	m, err := lib.NewMulti(rdb)
	if err != nil {
		return err
	}
	return m.Ping(ctx)
}

func multiFrom(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return lib.MultiFrom(rdb).Ping(ctx)
}

// An error that is passed through is not nil where there is no client.
func checked(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	x, err := lib.Checked(ctx.Err(), rdb)
	if err != nil {
		rdb.Close()
		return err
	}
	defer x.Close()
	return x.Ping(ctx).Err()
}

func checkedForgotten(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{}) // want `rdb is not closed on all paths`
	x, err := lib.Checked(ctx.Err(), rdb)
	if err != nil {
		return err
	}
	defer x.Close()
	return x.Ping(ctx).Err()
}
