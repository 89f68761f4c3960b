// Package late uses clients after they were released.
package late

import (
	"context"
	"errors"
	"sync"

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
	return rdb.Get(ctx, "k").Result() // want `rdb is used after .* at line 22; close it after its last use`
}

// The branch lacks its return.
func noReturn() error {
	rdb := redis.NewClient(opts)
	if err := rdb.Ping(ctx).Err(); err != nil {
		rdb.Close()
	}
	err := rdb.Set(ctx, "k", "v", 0).Err() // want `rdb is used after .* at line 30`
	rdb.Close()
	return err
}

func ofCluster() error {
	c := redis.NewClusterClient(&redis.ClusterOptions{})
	_ = c.Close()
	return c.Ping(ctx).Err() // want `c is used after .* at `
}

// The clone shares the connections.
func clone() error {
	rdb := redis.NewClient(opts)
	short := rdb.WithTimeout(1)
	rdb.Close()
	return short.Ping(ctx).Err() // want `rdb is used after .* at `
}

func pooled(pool *redigo.Pool) error {
	conn := pool.Get()
	conn.Close()
	_, err := conn.Do("GET", "k") // want `conn is used after .* at `
	return err
}

func ofPool() error {
	pool := &redigo.Pool{}
	pool.Close()
	conn := pool.Get() // want `is used after .* at `
	defer conn.Close()
	return conn.Err()
}

func subscription(rdb *redis.Client) error {
	sub := rdb.Subscribe(ctx, "c")
	sub.Close()
	_, err := sub.ReceiveMessage(ctx) // want `sub is used after .* at `
	return err
}

func dedicated(c rueidis.Client) error {
	d, cancel := c.Dedicate()
	cancel()
	return d.Do(ctx, d.B().Ping().Build()).Error() // want `d is used after .* at line 75`
}

func closeAll(rdb *redis.Client) { rdb.Close() }

func throughHelper() error {
	rdb := redis.NewClient(opts)
	closeAll(rdb)
	return rdb.Ping(ctx).Err() // want `rdb is used after .* at `
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
	return rdb.Ping(ctx).Err() // want `rdb is used after .* at `
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
		rdb.Del(ctx, key) // want `rdb is used after .* at `
	}()
	defer rdb.Close()
	work()
}

func inLoop(keys []string) {
	rdb := redis.NewClient(opts)
	for _, k := range keys {
		rdb.Del(ctx, k) // want `rdb is used after .* at `
		rdb.Close()
	}
}

func work() {}

// A pipeline runs on the client that it was made of.
func pipelined() error {
	rdb := redis.NewClient(opts)
	pipe := rdb.Pipeline()
	pipe.Get(ctx, "k")
	rdb.Close()
	_, err := pipe.Exec(ctx) // want `rdb is used after .* at line 137`
	return err
}

// An interface that holds it.
func boxed() error {
	var u redis.UniversalClient = redis.NewClient(opts)
	u.Close()
	return u.Ping(ctx).Err() // want `u is used after .* at `
}

// A literal that has run by then.
func literal() error {
	rdb := redis.NewClient(opts)
	func() {
		defer rdb.Close()
		rdb.Ping(ctx)
	}()
	return rdb.Ping(ctx).Err() // want `rdb is used after .* at `
}

func once() error {
	rdb := redis.NewClient(opts)
	var once sync.Once
	once.Do(func() { rdb.Close() })
	return rdb.Ping(ctx).Err() // want `rdb is used after .* at `
}

// The body of a range over a function is no other function.
func seq(keys func(func(string) bool)) {
	rdb := redis.NewClient(opts)
	rdb.Close()
	for k := range keys {
		rdb.Del(ctx, k) // want `rdb is used after .* at `
	}
}

func load(rdb *redis.Client, key string) (string, error) {
	val, err := rdb.Get(ctx, key).Result()
	if err != nil {
		return "", err
	}
	return val, nil
}

// A helper uses it.
func usedByHelper() (string, error) {
	rdb := redis.NewClient(opts)
	rdb.Close()
	return load(rdb, "k") // want `rdb is used after .* at `
}

type owner struct{ rdb *redis.Client }

func (o *owner) client() *redis.Client { return o.rdb }
func (o *owner) Close() error          { return o.rdb.Close() }

// Its owner has closed it.
func ofOwner() error {
	o := &owner{redis.NewClient(opts)}
	o.Close()
	return o.client().Ping(ctx).Err() // want `is used after .* at `
}

func closing[C interface{ Close() error }](c C, f func(C) error) error {
	defer c.Close()
	return f(c)
}

// A generic helper closes what it was given.
func generic() error {
	rdb := redis.NewClient(opts)
	closing(rdb, func(c *redis.Client) error { return c.Ping(ctx).Err() })
	return rdb.Ping(ctx).Err() // want `rdb is used after .* at `
}
