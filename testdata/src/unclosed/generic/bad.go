// Package generic shows type parameters.
package generic

import (
	"context"
	"io"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func opts() *goredis.Options { return &goredis.Options{Addr: "cache:6379"} }

// must panics on an error and passes the rest through.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// same returns its argument.
func same[T any](v T) T { return v }

// ping only uses what it is given.
func ping[C goredis.Cmdable](c C) error { return c.Ping(ctx).Err() }

// box keeps a value and closes it.
type box[T io.Closer] struct{ value T }

func newBox[T io.Closer](v T) *box[T] { return &box[T]{value: v} }

func (b *box[T]) get() T { return b.value }

// Close closes the value.
func (b *box[T]) Close() error { return b.value.Close() }

// What must returns is forgotten.
func mustForgotten() {
	conn := must(redis.Dial("tcp", "cache:6379")) // want `conn is never closed`
	conn.Do("PING")
}

// What passes through a generic function is forgotten.
func sameForgotten() error {
	rdb := same(goredis.NewClient(opts())) // want `rdb is never closed`
	return rdb.Ping(ctx).Err()
}

// A generic function borrows.
func borrowed() error {
	rdb := goredis.NewClient(opts()) // want `rdb is never closed`
	return ping(rdb)
}

// A generic owner is forgotten.
func boxForgotten() error {
	rdb := goredis.NewClient(opts()) // want `rdb is never closed`
	b := newBox(rdb)
	return b.get().Ping(ctx).Err()
}

// repeat is a generic function that leaks by itself.
func repeat[T any](values []T) {
	for _, v := range values {
		rdb := goredis.NewClient(opts()) // want `rdb is never closed`
		rdb.Publish(ctx, "values", v)
	}
}

var _ = repeat[int]
