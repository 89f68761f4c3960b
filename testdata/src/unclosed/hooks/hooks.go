// Package hooks shows variables that hooks and handlers share.
package hooks

import (
	"context"
	"net/http"
	"sync"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{} }

// A Command has hooks.
type Command struct {
	Before, After func() error
	Run           func(args []string) error
}

func ping(c *redis.Client) error { return c.Ping(ctx).Err() }

// Opened before, used, and never closed.
func never() *Command {
	var rdb *redis.Client
	return &Command{
		Before: func() error {
			rdb = redis.NewClient(opts()) // want `rdb is never closed: it is stored in the variable rdb, and nothing closes it there`
			return ping(rdb)
		},
		Run: func([]string) error { return rdb.Get(ctx, "k").Err() },
	}
}

// The same with handlers, and a connection.
func handlers(mux *http.ServeMux, pool *redigo.Pool) {
	var conn redigo.Conn
	mux.HandleFunc("/open", func(http.ResponseWriter, *http.Request) {
		conn = pool.Get() // want `conn is never closed: it is stored in the variable conn, and nothing closes it there`
	})
	mux.HandleFunc("/use", func(http.ResponseWriter, *http.Request) { conn.Do("PING") })
}

// Closed afterwards.
func closed() *Command {
	var rdb *redis.Client
	return &Command{
		Before: func() error { rdb = redis.NewClient(opts()); return nil },
		Run:    func([]string) error { return ping(rdb) },
		After:  func() error { return rdb.Close() },
	}
}

func shut(c *redis.Client) { c.Close() }

// Closed by a function.
func closedBy() *Command {
	var rdb *redis.Client
	return &Command{
		Before: func() error { rdb = redis.NewClient(opts()); return nil },
		After:  func() error { shut(rdb); return nil },
	}
}

// Given away.
func given(take func(*redis.Client)) *Command {
	var rdb *redis.Client
	return &Command{
		Before: func() error { rdb = redis.NewClient(opts()); return nil },
		Run:    func([]string) error { take(rdb); return nil },
	}
}

// Returned by one of the funcs.
func got() (open func(), get func() *redis.Client) {
	var rdb *redis.Client
	open = func() { rdb = redis.NewClient(opts()) }
	get = func() *redis.Client { return rdb }
	return open, get
}

// Opened when it is needed first: it is meant to stay.
func needed() http.HandlerFunc {
	var rdb *redis.Client
	return func(http.ResponseWriter, *http.Request) {
		if rdb == nil {
			rdb = redis.NewClient(opts())
		}
		ping(rdb)
	}
}

// So it is with a once.
func once() http.HandlerFunc {
	var (
		rdb  *redis.Client
		once sync.Once
	)
	return func(http.ResponseWriter, *http.Request) {
		once.Do(func() { rdb = redis.NewClient(opts()) })
		ping(rdb)
	}
}

// Its address gets elsewhere.
func addressed(register func(**redis.Client)) *Command {
	var rdb *redis.Client
	register(&rdb)
	return &Command{Before: func() error { rdb = redis.NewClient(opts()); return nil }}
}

// The function around closes it.
func around(run func(func())) {
	var rdb *redis.Client
	run(func() { rdb = redis.NewClient(opts()) })
	rdb.Close()
}
