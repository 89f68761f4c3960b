package app

import (
	"context"

	"github.com/redis/go-redis/v9"
)

//lint:file-ignore unscoped,singleton this file is about directives // directive

func silenced(ctx context.Context) error {
	//lint:ignore unclosed the process ends here
	rdb := redis.NewClient(&redis.Options{
		Addr: "localhost:6379",
	})
	return rdb.Ping(ctx).Err()
}

func silencedBehind(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{}) //lint:ignore unclosed the process ends here
	return rdb.Ping(ctx).Err()
}

func silencedInMany(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	err := rdb.Ping(ctx).Err()
	//lint:ignore SA4006,undeferred nothing recovers here
	rdb.Close()
	return err
}

func useless(ctx context.Context) error {
	//lint:ignore unclosed it was open once // directive
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	//lint:ignore undeferred,unclosed it was closed by a plain call once // directive
	return rdb.Ping(ctx).Err()
}

func misspelt(ctx context.Context) error {
	//lint:ignore unclose the process ends here // directive
	rdb := redis.NewClient(&redis.Options{}) // unclosed
	return rdb.Ping(ctx).Err()
}

func wrongRule(ctx context.Context) error {
	//lint:ignore undeferred the process ends here // directive
	rdb := redis.NewClient(&redis.Options{}) // unclosed
	return rdb.Ping(ctx).Err()
}

func ofOthers(ctx context.Context) error {
	//lint:ignore SA1019,U1000 these are staticcheck's
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}
