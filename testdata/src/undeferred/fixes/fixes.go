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

	rdb.Close() /* want `rdb is closed by a plain call` */
}

func beforeReturn() error {
	conn, err := redis.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	if err := work(); err != nil {
		/* want `conn is closed by a plain call` */ conn.Close()
		return err
	}
	_ = conn.Close()
	return nil
}

// Its error counts, so it stays.
func counts() error {
	rdb := goredis.NewClient(opts)
	err := work()
	return errors.Join(err, rdb.Close()) // want `rdb is closed by a plain call`
}

// There is work behind it, so it stays.
func early(pool *redis.Pool) error {
	conn := pool.Get()
	conn.Do("PING")
	conn.Close() // want `conn is closed by a plain call`
	return work()
}

// A cleanup function is not called twice.
func cleanup(client rueidis.Client) error {
	c, cancel := client.Dedicate()
	c.Do(ctx, c.B().Ping().Build())
	cancel() // want `c is (released|closed) by a plain call`
	return work()
}
