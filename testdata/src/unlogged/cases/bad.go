// Package cases has scopes that log, and scopes that do not.
package cases

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"unlogged/helpers"
)

// The usual one.
func withRedis(ctx context.Context, fn func(*redis.Client) error) error { // want `withRedis does not log when it opens and closes its client, and ignores the error of rdb.Close`
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return fn(rdb)
}

// One that returns the error of closing.
func withJoined(fn func(*redis.Client) error) (err error) { // want `withJoined does not log when it opens and closes its client`
	rdb := redis.NewClient(&redis.Options{})
	defer func() { err = errors.Join(err, rdb.Close()) }()
	return fn(rdb)
}

// One that logs, and drops the error.
func withDropped(fn func(*redis.Client) error) error { // want `withDropped ignores the error of rdb.Close; log or return it`
	rdb := redis.NewClient(&redis.Options{})
	log.Print("redis: open")
	defer rdb.Close()
	return fn(rdb)
}

// The error is dropped in a literal.
func withBlank(fn func(*redis.Client) error) error { // want `withBlank ignores the error of rdb.Close; log or return it`
	rdb := redis.NewClient(&redis.Options{})
	defer func() {
		slog.Debug("redis: close")
		_ = rdb.Close()
	}()
	return fn(rdb)
}

// A method.
type cache struct{ opts *redis.Options }

func (c *cache) With(ctx context.Context, fn func(context.Context, *redis.Client) error) error { // want `With does not log when it opens and closes its client`
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rdb := redis.NewClient(c.opts)
	defer rdb.Close()
	return fn(ctx, rdb)
}

// A generic one.
func query[T any](fn func(*redis.Client) (T, error)) (T, error) { // want `query does not log when it opens and closes its client`
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return fn(rdb)
}

// redigo.
func withConn(fn func(redigo.Conn) error) error { // want `withConn does not log when it opens and closes its client, and ignores the error of conn.Close`
	conn, err := redigo.Dial("tcp", "cache:6379")
	if err != nil {
		return fmt.Errorf("dial: %w", err)
	}
	defer conn.Close()
	return fn(conn)
}

// rueidis, whose Close has no error.
func withRueidis(fn func(rueidis.Client) error) error { // want `withRueidis does not log when it opens and closes its client`
	client, err := rueidis.NewClient(rueidis.ClientOption{})
	if err != nil {
		return err
	}
	defer client.Close()
	return fn(client)
}

// A cluster.
func withCluster(fn func(*redis.ClusterClient) error) error { // want `withCluster does not log when it opens and closes its client`
	rdb := redis.NewClusterClient(&redis.ClusterOptions{})
	defer rdb.Close()
	return fn(rdb)
}

// A helper that opens, and one that closes without a word.
func open() *redis.Client { return redis.NewClient(&redis.Options{}) }

func withHelpers(fn func(*redis.Client) error) error { // want `withHelpers does not log when it opens and closes its client`
	rdb := open()
	defer helpers.CloseQuietly(rdb)
	return fn(rdb)
}

// A name that only sounds like a log's.
type page struct{}

func (page) Print() {}

func withPage(p page, fn func(*redis.Client) error) error { // want `withPage does not log when it opens and closes its client`
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	p.Print()
	return fn(rdb)
}

// A ping before it is lent.
func withPing(ctx context.Context, fn func(*redis.Client) error) error { // want `withPing does not log when it opens and closes its client`
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	if err := rdb.Ping(ctx).Err(); err != nil {
		return errors.New(err.Error())
	}
	return fn(rdb)
}
