// Package idioms has shapes that real code bases are full of.
package idioms

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"unclosed/runutil"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

func work() error { return errors.New("work") }

// app closes what was added to it.
type app struct {
	rdb     *redis.Client
	closers []io.Closer
}

func newApp() *app {
	a := &app{rdb: redis.NewClient(opts())}
	a.closers = append(a.closers, a.rdb)
	return a
}

func (a *app) Close() (err error) {
	for _, c := range a.closers {
		err = errors.Join(err, c.Close())
	}
	return err
}

// A default for what the caller did not give, never closed.
func defaultForgotten(rdb *redis.Client) error {
	if rdb == nil {
		rdb = redis.NewClient(opts()) // want `rdb is never closed`
	}
	return rdb.Ping(ctx).Err()
}

// Waiting for the server, and forgetting the client when giving up.
func waitedForgotten() (*redis.Client, error) {
	rdb := redis.NewClient(opts()) // want `rdb is (never|not) closed`
	var err error
	for i := 0; i < 5; i++ {
		if err = rdb.Ping(ctx).Err(); err == nil {
			return rdb, nil
		}
		time.Sleep(time.Second)
	}
	return nil, fmt.Errorf("no redis: %w", err)
}

// errors.Is of another error says nothing about the connection.
func missing() error {
	conn, err := redigo.Dial("tcp", "cache:6379") // want `conn is not closed on all paths`
	if err != nil {
		return err
	}
	if _, err := conn.Do("GET", "k"); errors.Is(err, redigo.ErrNil) {
		return nil
	}
	return conn.Close()
}

// The closer is deferred too late.
func captureTooLate() (err error) {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	if err := work(); err != nil {
		return err
	}
	defer runutil.CloseWithCapture(&err, rdb, "cache")
	return rdb.Ping(ctx).Err()
}

// The method value is handed to something that only looks at it.
func describe(f func() error) string { return fmt.Sprintf("%T", f) }

func methodValueLookedAt() string {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	return describe(rdb.Close)
}

// The one that loses the race is forgotten.
func (b *byName) race(name string) *redis.Client {
	fresh := redis.NewClient(opts()) // want `fresh is (never|not) closed`
	b.mu.Lock()
	defer b.mu.Unlock()
	if rdb, ok := b.m[name]; ok {
		return rdb
	}
	b.m[name] = fresh
	return fresh
}

// The result struct is dropped with the client in it.
func connectionDropped() error {
	c := connects() // want `is never closed`
	return c.Err
}

// The user of a type that keeps a function which closes forgets it.
func stoppableDropped() error {
	s := newStoppable() // want `s is never (stopped|closed)`
	return s.rdb.Ping(ctx).Err()
}

// The user of an app forgets it.
func appDropped() error {
	a := newApp() // want `a is never closed`
	return a.rdb.Ping(ctx).Err()
}

// A health check opens a client each time it is asked.
func healthy(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	_, err := rdb.Ping(ctx).Result()
	return err == nil
}

// A migration gives up half way.
func migrate(keys []string) (n int, err error) {
	from := redis.NewClient(opts())
	defer from.Close()
	to := redis.NewClient(opts()) // want `to is not closed on all paths`
	for _, key := range keys {
		value, err := from.Get(ctx, key).Result()
		if errors.Is(err, redis.Nil) {
			continue
		}
		if err != nil {
			return n, fmt.Errorf("get %s: %w", key, err)
		}
		if err := to.Set(ctx, key, value, 0).Err(); err != nil {
			return n, fmt.Errorf("set %s: %w", key, err)
		}
		n++
	}
	return n, to.Close()
}
