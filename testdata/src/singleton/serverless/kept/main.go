// Command kept hands over handlers that lead to a client by longer ways.
package main

import (
	"context"
	"log"
	"net/http"
	"time"

	"github.com/GoogleCloudPlatform/functions-framework-go/functions"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/redis/go-redis/v9"
	"singleton/holders"
)

var opts = &redis.Options{Addr: "cache:6379"}

type deps struct {
	rdb redis.Cmdable
	log *log.Logger
}

type handler struct{ deps *deps }

func (h *handler) Handle(ctx context.Context, key string) (string, error) {
	return h.deps.rdb.Get(ctx, key).Result()
}

// newHandler opens the client itself.
func newHandler() (*handler, error) {
	rdb := redis.NewClient(opts) // want `rdb is kept across invocations by the handler of lambda.Start; open it inside the handler`
	if err := rdb.Ping(context.Background()).Err(); err != nil {
		rdb.Close()
		return nil, err
	}
	return &handler{deps: &deps{rdb: rdb}}, nil
}

func constructor() {
	h, err := newHandler()
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(h.Handle)
}

// A handler that opens at the first invocation, and keeps.
func memo() {
	var rdb *redis.Client
	lambda.Start(func(ctx context.Context) error {
		if rdb == nil {
			rdb = redis.NewClient(opts) // want `rdb is kept across invocations by the handler of lambda.Start`
		}
		return rdb.Ping(ctx).Err()
	})
}

type lazy struct{ rdb *redis.Client }

func (l *lazy) Handle(ctx context.Context) error {
	if l.rdb == nil {
		l.rdb = redis.NewClient(opts) // want `l.rdb is kept across invocations by the handler of lambda.Start`
	}
	return l.rdb.Ping(ctx).Err()
}

func lazily() { lambda.Start((&lazy{}).Handle) }

// Middleware of the program's own.
func logged(next func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		err := next(ctx)
		log.Println(err)
		return err
	}
}

func ping(rdb *redis.Client) func(context.Context) error {
	return func(ctx context.Context) error { return rdb.Ping(ctx).Err() }
}

func wrapped() {
	rdb := redis.NewClient(opts) // want `rdb is kept across invocations by the handler of lambda.Start`
	defer rdb.Close()
	lambda.Start(logged(ping(rdb)))
}

// A function that is given the client.
func run(rdb *redis.Client) {
	lambda.Start(func(ctx context.Context) error { return rdb.Ping(ctx).Err() })
}

func opens() {
	rdb := redis.NewClient(opts) // want `rdb is kept across invocations by the handler of lambda.Start`
	run(rdb)
}

// A router, and middleware of a library.
func routed() {
	rdb := redis.NewClient(opts) // want `rdb is kept across invocations by the handler of functions.HTTP`
	mux := http.NewServeMux()
	mux.HandleFunc("/count", func(w http.ResponseWriter, r *http.Request) { rdb.Incr(r.Context(), "n") })
	functions.HTTP("Count", http.TimeoutHandler(mux, time.Second, "").ServeHTTP)
}

// A constructor of another package.
func foreign() {
	cache := holders.New() // want `cache is kept across invocations by the handler of lambda.Start`
	lambda.Start(func() int { return cache.Len() })
}

// One without a name.
func nameless() {
	lambda.Start(ping(redis.NewClient(opts))) // want `redis.NewClient\(...\) is kept across invocations by the handler of lambda.Start`
}

// Many.
func many() {
	shards := map[string]*redis.Client{
		"a": redis.NewClient(opts), // want `is kept across invocations by the handler of lambda.Start`
	}
	shards["b"] = redis.NewClient(opts) // want `shards\[.*\] is kept across invocations|is kept across invocations by the handler of lambda.Start`
	lambda.Start(func(ctx context.Context, key string) error { return shards[key].Ping(ctx).Err() })
}

// Behind an interface.
type invoker interface {
	Handle(ctx context.Context, key string) (string, error)
}

func behind() {
	rdb := redis.NewClient(opts) // want `rdb is kept across invocations by the handler of lambda.Start`
	var h invoker = &handler{deps: &deps{rdb: rdb}}
	lambda.Start(h.Handle)
}

// Opened and closed within each invocation.
func clean() {
	var rdb *redis.Client
	lambda.Start(func(ctx context.Context) error {
		rdb = redis.NewClient(opts)
		defer rdb.Close()
		return rdb.Ping(ctx).Err()
	})
}

// A scope helper, and a client that is gone before the handler starts.
func scoped() {
	rdb := redis.NewClient(opts)
	n := rdb.Incr(context.Background(), "starts").Val()
	rdb.Close()
	withRedis := func(fn func(*redis.Client) error) error {
		rdb := redis.NewClient(opts)
		defer rdb.Close()
		return fn(rdb)
	}
	lambda.Start(func(ctx context.Context) error {
		log.Println(n)
		return withRedis(func(rdb *redis.Client) error { return rdb.Ping(ctx).Err() })
	})
}

// Another field of what holds the client.
type app struct {
	rdb    *redis.Client
	handle func(context.Context) error
}

func other() error {
	a := &app{rdb: redis.NewClient(opts), handle: func(context.Context) error { return nil }}
	defer a.rdb.Close()
	lambda.Start(a.handle)
	return nil
}

func main() {}
