// Package flows has variables whose type does not tell what is in them. What
// the package puts there does.
package flows

import (
	"container/list"
	"context"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
	"singleton/holders"
)

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

func open() *redis.Client { return redis.NewClient(opts()) }

// By a setter whose parameter could be anything.
var bySetter any // want `package-level variable bySetter keeps`

func set(c any) { bySetter = c }

// Setup calls the setter.
func Setup() { set(open()) }

// By a setter that somebody calls with commands.
var commands redis.Cmdable // want `package-level variable commands keeps`

// SetCommands is for other packages.
func SetCommands(c redis.Cmdable) { commands = c }

// By a setter behind another.
var byTwo any // want `package-level variable byTwo keeps`

func inner(c any) { byTwo = c }
func outer(c any) { inner(c) }

// SetupTwo calls it.
func SetupTwo() { outer(open()) }

// In sync.Once.
var (
	once   sync.Once
	byOnce any // want `package-level variable byOnce keeps`
)

func lazy() any {
	once.Do(func() { byOnce = open() })
	return byOnce
}

// A helper of the project's own that remembers what a func returns.
func remember[T any](f func() T) func() T {
	var once sync.Once
	var v T
	return func() T {
		once.Do(func() { v = f() })
		return v
	}
}

var remembered = remember(open) // want `package-level variable remembered keeps`

// sync.OnceValue of a named function.
var named = sync.OnceValue(open) // want `package-level variable named keeps`

// A closure that opens at its first call, and remembers.
var first = func() func() *redis.Client { // want `package-level variable first keeps`
	var rdb *redis.Client
	return func() *redis.Client {
		if rdb == nil {
			rdb = open()
		}
		return rdb
	}
}()

// A service behind an interface.
type service interface {
	Do(ctx context.Context) error
}

type impl struct{ rdb redis.Cmdable }

func (s *impl) Do(ctx context.Context) error { return s.rdb.Set(ctx, "k", 1, 0).Err() }

func newService(rdb redis.Cmdable) service { return &impl{rdb: rdb} }

var svc service = newService(open()) // want `package-level variable svc keeps`

// A service that opens its client later.
type late struct{ backend any }

func (l *late) Do(ctx context.Context) error {
	if l.backend == nil {
		l.backend = open()
	}
	return nil
}

var lateSvc service = &late{} // want `package-level variable lateSvc keeps`

var lateStruct late // want `package-level variable lateStruct keeps`

// A field of a variable that is set elsewhere.
var state struct { // want `package-level variable state keeps`
	client any
}

func setState() { state.client = open() }

// A pointer to a struct, set through a method call.
type registry struct {
	name  string
	items map[string]any
}

func (r *registry) add(name string, item any) { r.items[name] = item }

var reg = &registry{items: map[string]any{}} // want `package-level variable reg keeps`

func fill() { reg.add("cache", open()) }

// Containers.
var (
	table  = map[string]any{"cache": open()} // want `package-level variable table keeps`
	things []any                             // want `package-level variable things keeps`
	queue  = make(chan any, 1)               // want `package-level variable queue keeps`
	linked = list.New()                      // want `package-level variable linked keeps`
	many   = []any{1, "two", open()}         // want `package-level variable many keeps`
	swap   atomic.Value                      // want `package-level variable swap keeps`
	group  struct {                          // want `package-level variable group keeps`
		mu sync.Mutex
		m  sync.Map
	}
)

func fillMore() {
	things = append(things, open())
	queue <- open()
	linked.PushBack(open())
	swap.Swap(open())
	group.m.LoadOrStore("a", open())
}

// A method value keeps its receiver.
var ping = open().Ping // want `package-level variable ping keeps`

var pings = map[string]func(context.Context) *redis.StatusCmd{ // want `package-level variable pings keeps`
	"cache": open().Ping,
}

// A handler that captured a client.
func handler(rdb redis.UniversalClient) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { rdb.Incr(r.Context(), "n") }
}

var serve http.HandlerFunc = handler(open()) // want `package-level variable serve keeps`

var served http.Handler = handler(open()) // want `package-level variable served keeps`

// An embedded interface.
type cache struct{ redis.Cmdable }

var embedded = cache{open()} // want `package-level variable embedded keeps`

// A context with a client in it.
type key struct{}

var ctx = context.WithValue(context.Background(), key{}, open()) // want `package-level variable ctx keeps`

// A variable by way of another.
var (
	one any = open() // want `package-level variable one keeps`
	two     = one    // want `package-level variable two keeps`
)

// A pipeline is a handle on a client.
var pipe = open().Pipeline() // want `package-level variable pipe keeps`

// A container that keeps its elements behind an interface.
type stack[T any] struct{ items []any }

var typed stack[*redis.Client] // want `package-level variable typed keeps`

// A constructor of another package behind an interface.
var store service // want `package-level variable store keeps`

type adapter struct{ c holders.Pinger }

func (a adapter) Do(context.Context) error { return a.c.Close() }

func init() { store = adapter{holders.Open()} }

// By a type assertion.
var asserted service // want `package-level variable asserted keeps`

func assert() {
	var x any = newService(open())
	if s, ok := x.(service); ok {
		asserted = s
	}
}

// By one of two ways.
var either service // want `package-level variable either keeps`

func choose(local bool) {
	var s service = nothing{}
	if !local {
		s = newService(open())
	}
	either = s
}

type nothing struct{}

func (nothing) Do(context.Context) error { return nil }

// Behind the address of a local variable.
var cell *any // want `package-level variable cell keeps`

func keepCell() {
	var x any
	cell = &x
	x = open()
}

// A router keeps the handler that captured it.
var router http.Handler = newRouter(open()) // want `package-level variable router keeps`

func newRouter(rdb *redis.Client) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { rdb.Ping(r.Context()) })
	return mux
}
