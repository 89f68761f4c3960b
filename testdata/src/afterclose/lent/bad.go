// Package lent releases clients that were only lent.
package lent

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var (
	ctx  = context.Background()
	opts = &redis.Options{}
)

func WithRedis(fn func(rdb *redis.Client) error) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	return fn(rdb)
}

func withConn(pool *redigo.Pool, fn func(redigo.Conn) error) error {
	conn := pool.Get()
	defer conn.Close()
	return fn(conn)
}

func deferred() error {
	return WithRedis(func(rdb *redis.Client) error {
		defer rdb.Close() // want `this callback closes rdb, which .* closes itself; remove `
		return rdb.Ping(ctx).Err()
	})
}

func plain() error {
	return WithRedis(func(rdb *redis.Client) error {
		err := rdb.Ping(ctx).Err()
		rdb.Close() // want `this callback closes rdb, which .* closes itself`
		return err
	})
}

func withError() error {
	return WithRedis(func(rdb *redis.Client) error {
		return rdb.Close() // want `this callback closes rdb, which .* closes itself`
	})
}

func inLiteral() error {
	return WithRedis(func(rdb *redis.Client) error {
		defer func() {
			if err := rdb.Close(); err != nil { // want `this callback closes rdb, which .* closes itself`
				println(err)
			}
		}()
		return rdb.Ping(ctx).Err()
	})
}

func ofConn(pool *redigo.Pool) error {
	return withConn(pool, func(c redigo.Conn) error {
		defer c.Close() // want `this callback closes c, which .* closes itself`
		_, err := c.Do("PING")
		return err
	})
}

type store struct{}

func (s *store) all() error { return WithRedis(s.work) }

func (s *store) work(rdb *redis.Client) error {
	defer rdb.Close() // want `this callback closes rdb, which .* closes itself`
	return rdb.Ping(ctx).Err()
}

func release(rdb *redis.Client) { rdb.Close() }

func byHelper() error {
	return WithRedis(func(rdb *redis.Client) error {
		defer release(rdb) // want `closes rdb in this callback, and .* closes it itself`
		return rdb.Ping(ctx).Err()
	})
}

func masters(c *redis.ClusterClient) error {
	return c.ForEachMaster(ctx, func(ctx context.Context, master *redis.Client) error {
		defer master.Close() // want `this callback closes master, which .* closes itself`
		return master.Ping(ctx).Err()
	})
}

func renamed() error {
	return WithRedis(func(rdb *redis.Client) error {
		c := rdb
		defer c.Close() // want `this callback closes c, which .* closes itself`
		return c.Ping(ctx).Err()
	})
}
