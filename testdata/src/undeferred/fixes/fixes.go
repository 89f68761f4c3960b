// Package fixes shows where a deferred release takes the place of plain ones.
package fixes

import (
	"context"
	"errors"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

var (
	ctx  = context.Background()
	opts = &goredis.Options{}
)

func work() error { return nil }

// The plain call is the last thing that the function does.
func last() {
	rdb := goredis.NewClient(opts)
	rdb.Ping(ctx)

	rdb.Close() /* want `rdb.Close at .* is not deferred` */
}

func beforeReturn() error {
	conn, err := redis.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	if err := work(); err != nil {
		/* want `conn.Close at .* is not deferred` */ conn.Close()
		return err
	}
	_ = conn.Close()
	return nil
}

// Its error counts, so it stays.
func counts() error {
	rdb := goredis.NewClient(opts)
	err := work()
	return errors.Join(err, rdb.Close()) // want `rdb(\.\w+)? at .* is not deferred`
}

// There is work behind it, so it stays.
func early(pool *redis.Pool) error {
	conn := pool.Get()
	conn.Do("PING")
	conn.Close() // want `conn(\.\w+)? at .* is not deferred`
	return work()
}

// A cleanup function is not called twice.
func cleanup(client rueidis.Client) error {
	c, cancel := client.Dedicate()
	c.Do(ctx, c.B().Ping().Build())
	cancel() // want `cancel at .* is not deferred`
	return work()
}
