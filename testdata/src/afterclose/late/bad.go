// Package late uses clients after they were released.
package late

import (
	"context"
	"errors"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

var (
	ctx  = context.Background()
	opts = &redis.Options{}
	cond bool
)

func straight() (string, error) {
	rdb := redis.NewClient(opts)
	rdb.Close()
	return rdb.Get(ctx, "k").Result() // want `rdb is used after it was closed at line 21, release it behind its last use`
}

// The branch lacks its return.
func noReturn() error {
	rdb := redis.NewClient(opts)
	if err := rdb.Ping(ctx).Err(); err != nil {
		rdb.Close()
	}
	err := rdb.Set(ctx, "k", "v", 0).Err() // want `rdb is used after it was closed at line 29`
	rdb.Close()
	return err
}

func ofCluster() error {
	c := redis.NewClusterClient(&redis.ClusterOptions{})
	_ = c.Close()
	return c.Ping(ctx).Err() // want `c is used after it was closed`
}

// The clone shares the connections.
func clone() error {
	rdb := redis.NewClient(opts)
	short := rdb.WithTimeout(1)
	rdb.Close()
	return short.Ping(ctx).Err() // want `rdb is used after it was closed`
}

func pooled(pool *redigo.Pool) error {
	conn := pool.Get()
	conn.Close()
	_, err := conn.Do("GET", "k") // want `conn is used after it was closed`
	return err
}

func ofPool() error {
	pool := &redigo.Pool{}
	pool.Close()
	conn := pool.Get() // want `is used after it was closed`
	defer conn.Close()
	return conn.Err()
}

func subscription(rdb *redis.Client) error {
	sub := rdb.Subscribe(ctx, "c")
	sub.Close()
	_, err := sub.ReceiveMessage(ctx) // want `sub is used after it was closed`
	return err
}

func dedicated(c rueidis.Client) error {
	d, cancel := c.Dedicate()
	cancel()
	return d.Do(ctx, d.B().Ping().Build()).Error() // want `d is used after it was closed at line 74`
}

func closeAll(rdb *redis.Client) { rdb.Close() }

func throughHelper() error {
	rdb := redis.NewClient(opts)
	closeAll(rdb)
	return rdb.Ping(ctx).Err() // want `rdb is used after it was closed`
}

func dial() (*redis.Client, error) {
	rdb := redis.NewClient(opts)
	if cond {
		rdb.Close()
		return nil, errors.New("no")
	}
	return rdb, nil
}

func fromHelper() error {
	rdb, err := dial()
	if err != nil {
		return err
	}
	rdb.Close()
	return rdb.Ping(ctx).Err() // want `rdb is used after it was closed`
}

// Deferred calls run backwards.
func backwards() error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	work()
	return nil
}

func unlockLast(key string) {
	rdb := redis.NewClient(opts)
	defer func() {
		rdb.Del(ctx, key) // want `rdb is used after it was closed`
	}()
	defer rdb.Close()
	work()
}

func inLoop(keys []string) {
	rdb := redis.NewClient(opts)
	for _, k := range keys {
		rdb.Del(ctx, k) // want `rdb is used after it was closed`
		rdb.Close()
	}
}

func work() {}
