package fixes

import (
	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

// This file drops errors on purpose.
func drops() error {
	rdb := goredis.NewClient(opts)
	defer func() { _ = rdb.Close() }()
	return rdb.Ping(ctx).Err()
}

func forgets() error {
	conn, err := redis.Dial("tcp", "cache:6379") // want `conn is never closed`
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

// There is no error to be dropped.
func noError(client rueidis.Client) error {
	c, cancel := client.Dedicate() // want `c is never (released|closed)`
	_ = cancel
	return c.Do(ctx, c.B().Ping().Build()).Error()
}
