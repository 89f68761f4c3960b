package flows

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"sync"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
)

// Functions that open anew each time.
var (
	factory  func() (service, error) = func() (service, error) { return newService(open()), nil }
	makers                           = map[string]func() any{"cache": func() any { return open() }}
	maker                            = struct{ make func() *redis.Client }{make: open}
	generic                          = factoryOf[*redis.Client]{make: open}
	withOpts                         = scopeOf(opts())
)

type factoryOf[T any] struct{ make func() T }

func scopeOf(o *redis.Options) func(func(*redis.Client) error) error {
	return func(fn func(*redis.Client) error) error {
		rdb := redis.NewClient(o)
		defer rdb.Close()
		return fn(rdb)
	}
}

// The same service without a client.
var quiet service = nothing{}

// A getter of a variable that is reported itself.
var current = func() any { return bySetter }

// A logger is told of a client, and does not keep it.
var logger = log.New(os.Stderr, "", 0)

func tell() { logger.Println(open()) }

// Errors and values of commands.
var (
	lastErr   error
	lastValue any
	lastCmd   *redis.StringCmd
	results   = map[string]any{}
)

func remembers(ctx context.Context, rdb *redis.Client) {
	lastErr = rdb.Ping(ctx).Err()
	lastCmd = rdb.Get(ctx, "k")
	lastValue, _ = lastCmd.Result()
	results["n"] = rdb.Incr(ctx, "n").Val()
	if lastErr == nil {
		lastErr = errors.New("all is well")
	}
}

// Handlers that open for themselves.
var inHandler http.HandlerFunc = func(w http.ResponseWriter, r *http.Request) {
	rdb := open()
	defer rdb.Close()
	rdb.Incr(r.Context(), "n")
}

// Funcs that are given a client when they are called.
var steps = []func(context.Context, redis.Cmdable) error{
	func(ctx context.Context, c redis.Cmdable) error { return c.Set(ctx, "v", 1, 0).Err() },
}

// An identity function that others use for clients.
func same(x any) any { return x }

var sameText = same("text")

func useSame() any { return same(open()) }

// A func that remembers something else.
var rememberedText = remember(func() string { return "text" })

// sync.OnceFunc remembers that it ran.
var setupOnce = sync.OnceFunc(func() { set(open()) })

// Interfaces that nothing of the package is put into.
var (
	unsetCommands redis.Cmdable
	unset         service
	unsetEmbedded cache
)

// Options in containers.
var (
	optsValue atomic.Value
	optsTable = map[string]any{"cache": opts()}
)

func setOpts() { optsValue.Store(opts()) }

// A setter that is only called with something else.
var level any

func setLevel(l any) { level = l }

func levels() { setLevel("debug") }

// A nil client in an interface.
var typedNil any = (*redis.Client)(nil)

// A router whose handler opens for each request.
var routes = newRoutes()

func newRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		rdb := open()
		defer rdb.Close()
		rdb.Ping(r.Context())
	})
	return mux
}
