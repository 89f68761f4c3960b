package forms

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
	"singleton/holders"
)

// A pool of something else.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// A type parameter that is something else.
var number box[int]

// An atomic pointer to options.
var settings atomic.Pointer[redis.Options]

// Settings of another package.
var defaults = holders.Settings{Name: "default"}

// sync.OnceValue of options.
var options = sync.OnceValue(func() *redis.Options { return opts() })

// A sync.Map of something else.
var names sync.Map

func setNames() { names.Store("a", "b") }

// An atomic.Value of something else.
var level atomic.Value

func setLevel() { level.Store("debug") }

// A closure that opens each time it is called.
var pingOnce = func(ctx context.Context) error {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

// Anything at all, and no client in it.
var other any = "text"

// An interface whose methods take clients, filled by something else.
type visitor interface{ visit(*redis.Client) error }

type printer struct{ prefix string }

func (p printer) visit(rdb *redis.Client) error { return nil }

var visiting visitor = printer{prefix: "> "}

// A struct of functions.
var hooks struct {
	onOpen  func(*redis.Client)
	onClose func() error
}

// A channel of results.
var results = make(chan *redis.StringCmd, 1)

// A function that returns the scope helper.
var scope = func(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	return fn(rdb)
}
