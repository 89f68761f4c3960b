// Package helpers has functions that lend a client, and the facts that are due
// about them.
package helpers

import (
	"context"
	"errors"
	"time"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

var options = &goredis.Options{}

// Plain is the usual scope.
func Plain(ctx context.Context, fn func(context.Context, *goredis.Client) error) error { // want Plain:`scopes 1\(1\) \[\] any command`
	rdb := goredis.NewClient(options)
	defer rdb.Close()
	return fn(ctx, rdb)
}

// Retry is built on it.
func Retry(ctx context.Context, n int, fn func(context.Context, *goredis.Client) error) (err error) { // want Retry:`scopes 2\(1\) \[\] any command`
	for i := 0; i < n; i++ {
		if err = Plain(ctx, fn); err == nil {
			return nil
		}
	}
	return err
}

// Fallback is built on that, by a literal.
func Fallback[T any](ctx context.Context, or T, fn func(*goredis.Client) (T, error)) T { // want Fallback:`scopes 2\(0\) \[\]`
	_ = Retry(ctx, 3, func(ctx context.Context, rdb *goredis.Client) error {
		v, err := fn(rdb)
		if err == nil {
			or = v
		}
		return err
	})
	return or
}

// Later returns a func that is the scope.
func Later(fn func(*goredis.Client) error) func() error { // want Later:`scopes 0\(0\) \[\]`
	return func() error {
		rdb := goredis.NewClient(options)
		defer rdb.Close()
		return fn(rdb)
	}
}

// Each is a scope to range over.
func Each(yield func(*goredis.Client) bool) { // want Each:`scopes 0\(0\) \[\]`
	rdb := goredis.NewClient(options)
	defer rdb.Close()
	yield(rdb)
}

// Passed lets another function call the callback.
func Passed(fn func(*goredis.Client) error) error { // want Passed:`scopes 0\(0\) \[\]`
	rdb := goredis.NewClient(options)
	defer rdb.Close()
	return run(rdb, fn)
}

func run(rdb *goredis.Client, fn func(*goredis.Client) error) error { return fn(rdb) }

// Timed does not wait for the callback for ever.
func Timed(fn func(*goredis.Client) error) error { // want Timed:`scopes 0\(0\) \[\]`
	rdb := goredis.NewClient(options)
	defer rdb.Close()
	done := make(chan error, 1)
	go func() { done <- fn(rdb) }()
	select {
	case err := <-done:
		return err
	case <-time.After(time.Second):
		return errors.New("timeout")
	}
}

// Session carries the client.
type Session struct {
	Redis *goredis.Client // want Redis:"scoped"
	Name  string
}

// WithSession lends the client in a struct.
func WithSession(fn func(*Session) error) error { // want WithSession:`scopes 0\(0\) \[\]`
	rdb := goredis.NewClient(options)
	defer rdb.Close()
	return fn(&Session{Redis: rdb})
}

// Pool is a scope for connections.
type Pool struct{ pool *redis.Pool }

// Do takes a connection from the pool and gives it back.
func (p *Pool) Do(ctx context.Context, fn func(redis.Conn) error) error { // want Do:`scopes 2\(0\) \[\] any command`
	conn, err := p.pool.GetContext(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return fn(conn)
}

// Counted counts on the client that it lends: a step of some task.
func Counted(fn func(*goredis.Client) error) error { // want Counted:`scopes 0\(0\) \[\]$`
	rdb := goredis.NewClient(options)
	defer rdb.Close()
	rdb.Incr(context.Background(), "n")
	return fn(rdb)
}

// Around is built on such a one.
func Around(fn func(*goredis.Client) error) error { return Counted(fn) } // want Around:`scopes 0\(0\) \[\]$`

// Checked asks first whether the client works.
func Checked(fn func(*goredis.Client) error) error { // want Checked:`scopes 0\(0\) \[\] any command$`
	rdb := goredis.NewClient(options)
	defer rdb.Close()
	if err := rdb.Ping(context.Background()).Err(); err != nil {
		return err
	}
	return fn(rdb)
}

// Keyed passes a key along with the client.
func Keyed(fn func(*goredis.Client, string) error) error { // want Keyed:`scopes 0\(0\) \[\]$`
	rdb := goredis.NewClient(options)
	defer rdb.Close()
	return fn(rdb, "k")
}

// Tx is a scope of the library's, with the client of the caller.
func Tx(rdb *goredis.Client, fn func(*goredis.Tx) error) error { // want Tx:`commands on \[0\], scopes 1\(0\) \[\]$`
	return rdb.Watch(context.Background(), fn)
}

// Shared lends what it is given.
func Shared(rdb *goredis.Client, fn func(*goredis.Client) error) error { // want Shared:`lends 1\(0\) \[0\]`
	return fn(rdb)
}

// Forgotten lends what it never closes.
func Forgotten(fn func(*goredis.Client) error) error { // want Forgotten:`exposes 0\(0\) \[\]`
	return fn(goredis.NewClient(options))
}

// Lucky closes when all goes well.
func Lucky(fn func(*goredis.Client) error) error { // want Lucky:`exposes 0\(0\) \[\]`
	rdb := goredis.NewClient(options)
	if err := fn(rdb); err != nil {
		return err
	}
	return rdb.Close()
}

var global *goredis.Client

// Global lends a client of nobody's.
func Global() *goredis.Client { return global } // want Global:`returns 0 outside=true \[\]`

// Same lends what it is given.
func Same(rdb *goredis.Client) goredis.Cmdable { return rdb } // want Same:`returns 0 outside=false \[0\]`

// Command issues a command.
func Command(ctx context.Context, rdb goredis.Cmdable) error { return rdb.Ping(ctx).Err() } // want Command:`commands on \[1\], checks \[1\]`

// Nothing asks the server nothing.
func Nothing(rdb *goredis.Client) *goredis.Options { return rdb.Options() }

// Named is a scope by decree: see the test's flag.
func Named(fn func(*goredis.Client) error) error { // want Named:`scopes 0\(0\) \[\] any command`
	return fn(global)
}
