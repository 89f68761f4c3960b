package fixes

import (
	"errors"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

// The function joins errors of Close to its own.
func joins() (err error) {
	from := goredis.NewClient(opts)
	defer func() { err = errors.Join(err, from.Close()) }()
	conn, err := redis.Dial("tcp", "cache:6379") // want `conn is never closed`
	if err != nil {
		return err
	}
	_, err = conn.Do("SET", "k", from.Get(ctx, "k").Val())
	return err
}

// In the block err is another variable.
func shadows() (err error) {
	from := goredis.NewClient(opts)
	defer func() { err = errors.Join(err, from.Close()) }()
	if from.Ping(ctx).Err() == nil {
		conn, err := redis.Dial("tcp", "cache:6379") // want `conn is never closed`
		if err != nil {
			return err
		}
		_, err = conn.Do("PING")
		return err
	}
	return nil
}
