// Package captured shows funcs that are given to code that cannot be read: what
// they capture is theirs only if they release it, or hand it on.
package captured

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

// The timer only uses it.
func timer() {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	time.AfterFunc(time.Minute, func() { rdb.Del(ctx, "lock") })
}

// The timer closes it.
func timerCloses() {
	rdb := redis.NewClient(opts())
	time.AfterFunc(time.Minute, func() { rdb.Del(ctx, "lock"); rdb.Close() })
}

// The timer closes it on one path. Whose fault the other is cannot be told.
func timerMayClose() {
	rdb := redis.NewClient(opts())
	time.AfterFunc(time.Minute, func() {
		if rdb.Ping(ctx).Err() != nil {
			rdb.Close()
		}
	})
}

// What the variable is by the time the func runs is not known when it is given.
func flagSetLater() {
	last := false
	rdb := redis.NewClient(opts())
	time.AfterFunc(time.Minute, func() {
		if last {
			rdb.Close()
		}
	})
	last = true
}

// A helper of the package closes it, two funcs deep.
func deep(t *testing.T) {
	rdb := redis.NewClient(opts())
	t.Cleanup(func() {
		func() { shut(rdb) }()
	})
}

func shut(c io.Closer) { _ = c.Close() }

// A helper of the package only uses it, two funcs deep.
func deepUse(t *testing.T) {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	t.Cleanup(func() {
		func() { flush(rdb) }()
	})
}

func flush(rdb *redis.Client) { rdb.Del(ctx, "all") }

// The method value of the client itself.
func bound(t *testing.T) {
	rdb := redis.NewClient(opts())
	t.Cleanup(func() { _ = 0 })
	context.AfterFunc(ctx, func() { _ = rdb.Close() })
}

type counter struct{ rdb *redis.Client }

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.rdb.Incr(r.Context(), "n") }
func (c *counter) Client() *redis.Client                            { return c.rdb }
func (c *counter) Close() error                                     { return c.rdb.Close() }

// The method value of an owner uses what it holds.
func method(mux *http.ServeMux) {
	c := &counter{redis.NewClient(opts())} // want `is never closed`
	mux.HandleFunc("/", c.ServeHTTP)
}

// The func gives the client to whoever calls it.
func provider(register func(any)) {
	rdb := redis.NewClient(opts())
	register(func() *redis.Client { return rdb })
}

// So does the method value.
func providerMethod(register func(any)) {
	c := &counter{redis.NewClient(opts())}
	register(c.Client)
}

// The func hands it to its caller's callback.
func visitor(register func(func(func(*redis.Client)))) {
	rdb := redis.NewClient(opts())
	register(func(visit func(*redis.Client)) { visit(rdb) })
}

// The func keeps it where somebody else can find it.
type shelf struct{ rdb *redis.Client }

func shelve(register func(func(*shelf))) {
	rdb := redis.NewClient(opts())
	register(func(s *shelf) { s.rdb = rdb })
}

var shared *redis.Client

func publish(register func(func())) {
	rdb := redis.NewClient(opts())
	register(func() { shared = rdb })
}

// The variable outside is closed.
func outside(register func(func())) func() error {
	var kept *redis.Client
	rdb := redis.NewClient(opts())
	register(func() { kept = rdb })
	return func() error { return kept.Close() }
}

// Two funcs in one struct, and one of them closes.
type hooks struct{ start, stop func() }

func both(add func(hooks)) {
	rdb := redis.NewClient(opts())
	add(hooks{start: func() { rdb.Ping(ctx) }, stop: func() { rdb.Close() }})
}

// Neither closes.
func neither(add func(hooks)) {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	add(hooks{start: func() { rdb.Ping(ctx) }, stop: func() { rdb.Del(ctx, "all") }})
}

// The func registers another that closes.
func chained(t *testing.T) {
	rdb := redis.NewClient(opts())
	t.Cleanup(func() {
		time.AfterFunc(time.Second, func() { rdb.Close() })
	})
}

// It never returns: it may be what the process is there for.
func serves(run func(func())) {
	rdb := redis.NewClient(opts())
	run(func() {
		for {
			rdb.BLPop(ctx, 0, "q")
		}
	})
}

// The func sent to a worker only uses it.
func sent(jobs chan<- func()) {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	jobs <- func() { rdb.Ping(ctx) }
}

// The func sent to a worker closes it.
func sentCloses(jobs chan<- func()) {
	rdb := redis.NewClient(opts())
	jobs <- func() { defer rdb.Close(); rdb.Ping(ctx) }
}

// The callback of a library's method only uses it.
func replaced(s string) string {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	return os.Expand(strings.ToLower(s), func(k string) string { return rdb.Get(ctx, k).Val() })
}

// A pool's constructor opens, and its owner is the pool.
func pooled() *sync.Pool {
	return &sync.Pool{New: func() any { return redis.NewClient(opts()) }}
}

// The func that comes with the client only uses it.
func setup() (*redis.Client, func()) {
	rdb := redis.NewClient(opts())
	return rdb, func() { rdb.Del(ctx, "all") }
}

func useSetup() string {
	rdb, flush := setup() // want `rdb is never closed`
	defer flush()
	return rdb.Get(ctx, "k").Val()
}

// The handler comes with a func that closes.
func handler() (http.HandlerFunc, func() error) {
	rdb := redis.NewClient(opts())
	return func(w http.ResponseWriter, r *http.Request) { rdb.Incr(r.Context(), "n") }, rdb.Close
}

func serve() error {
	h, shut := handler()
	defer shut()
	return http.ListenAndServe(":1", h)
}

func serveOpen() error {
	h, _ := handler() // want `never`
	return http.ListenAndServe(":1", h)
}
