package lent

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// What was opened on the client is the callback's own.
func ownSubscription() error {
	return WithRedis(func(rdb *redis.Client) error {
		sub := rdb.Subscribe(ctx, "c")
		defer sub.Close()
		_, err := sub.ReceiveMessage(ctx)
		return err
	})
}

func ownConn() error {
	return WithRedis(func(rdb *redis.Client) error {
		conn := rdb.Conn()
		defer conn.Close()
		return conn.Ping(ctx).Err()
	})
}

// A client of its own beside the lent one.
func ownClient() error {
	return WithRedis(func(rdb *redis.Client) error {
		other := redis.NewClient(opts)
		defer other.Close()
		return other.Ping(ctx).Err()
	})
}

// A consumer closes what it is given.
func consume(rdb *redis.Client) { defer rdb.Close() }

// It is a callback, and called with a client of its caller's own.
func both(rdb *redis.Client) error {
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

func callsBoth() error {
	if err := WithRedis(both); err != nil {
		return err
	}
	return both(redis.NewClient(opts))
}

// The function opens, and leaves the closing to the callback.
func Open(fn func(*redis.Client) error) error {
	return fn(redis.NewClient(opts))
}

func closesWhatOpenGives() error {
	return Open(func(rdb *redis.Client) error {
		defer rdb.Close()
		return rdb.Ping(ctx).Err()
	})
}

// Either of two clients.
func either(use bool) error {
	return WithRedis(func(rdb *redis.Client) error {
		own := redis.NewClient(opts)
		c := rdb
		if use {
			c = own
		}
		defer own.Close()
		return c.Ping(ctx).Err()
	})
}

// A pool's connection, taken inside.
func pooled(pool *redigo.Pool) error {
	return WithRedis(func(rdb *redis.Client) error {
		conn := pool.Get()
		defer conn.Close()
		_, err := conn.Do("PING")
		return err
	})
}

// A func value of unknown origin.
func unknown(each func(func(*redis.Client))) {
	each(func(rdb *redis.Client) { rdb.Close() })
}

func pipelined(rdb *redis.Client) error {
	_, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error { return nil })
	return err
}

func nested() error {
	return WithRedis(func(outer *redis.Client) error {
		return outer.Watch(context.Background(), func(tx *redis.Tx) error {
			return tx.Ping(ctx).Err()
		}, "k")
	})
}
