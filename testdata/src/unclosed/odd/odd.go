// Package odd has syntax that is rare, and has made other tools fall over.
package odd

import (
	"context"
	"fmt"
	"iter"
	"log"
	"net/http"
	"sync"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

var opt = &redis.Options{}

// Builtins in defer and go statements.
func builtins() {
	rdb := redis.NewClient(opt)
	defer rdb.Close()
	defer println(rdb)
	defer print()
	go println(rdb)
	defer recover()
}

// Builtins keep nothing.
func builtinsKeepNothing() {
	rdb := redis.NewClient(opt) // want `rdb is never closed`
	println(rdb)
	print(rdb != nil)
}

// Printing keeps nothing.
func printing() {
	rdb := redis.NewClient(opt) // want `rdb is never closed`
	fmt.Println(rdb)
	log.Printf("using %v", rdb)
}

// A method expression in a variable.
func methodExpression() {
	rdb := redis.NewClient(opt) // want `rdb is never closed`
	take := (*redis.Client).Conn
	conn := take(rdb)
	defer conn.Close()
}

// A method expression that closes.
func methodExpressionCloses() {
	rdb := redis.NewClient(opt)
	shut := (*redis.Client).Close
	defer shut(rdb)
}

// A closure that calls itself.
func selfReference() {
	rdb := redis.NewClient(opt)
	defer rdb.Close()
	var countdown func(int)
	countdown = func(n int) {
		if n > 0 {
			rdb.Incr(ctx, "n")
			countdown(n - 1)
		}
	}
	countdown(3)
}

// The body of a range over a function.
func rangeOverFunc(keys iter.Seq[string]) {
	rdb := redis.NewClient(opt)
	defer rdb.Close()
	for key := range keys {
		rdb.Del(ctx, key)
	}
}

// A return inside of it.
func rangeOverFuncReturns(keys iter.Seq[string]) error {
	rdb := redis.NewClient(opt) // want `rdb is not closed on all paths`
	for key := range keys {
		if err := rdb.Del(ctx, key).Err(); err != nil {
			return err
		}
	}
	return rdb.Close()
}

// A client of each turn, closed in it.
func rangeOverFuncCloses(keys iter.Seq[string]) {
	for key := range keys {
		rdb := redis.NewClient(opt)
		rdb.Del(ctx, key)
		rdb.Close()
	}
}

// An iterator that lends clients and closes them.
func clients(n int) iter.Seq[*redis.Client] {
	return func(yield func(*redis.Client) bool) {
		for range n {
			rdb := redis.NewClient(opt)
			more := yield(rdb)
			rdb.Close()
			if !more {
				return
			}
		}
	}
}

func rangeOverClients() {
	for rdb := range clients(3) {
		rdb.Ping(ctx)
	}
}

// A method of a type with a type parameter.
type pair[K comparable, V any] struct {
	key   K
	value V
	mu    sync.Mutex
}

func (p *pair[K, V]) store(rdb *redis.Client) {
	p.mu.Lock()
	defer p.mu.Unlock()
	rdb.HSet(ctx, "pairs", p.key, p.value)
}

func genericMethod() {
	rdb := redis.NewClient(opt) // want `rdb is never closed`
	(&pair[string, int]{key: "a"}).store(rdb)
}

// An empty select never returns.
func emptySelect() {
	rdb := redis.NewClient(opt)
	rdb.Ping(ctx)
	select {}
}

// The unused parameter of an unused function.
func unused(_ *redis.Client, _ ...redigo.Conn) {}

// The blank parameter keeps nothing.
func blankParameter() {
	rdb := redis.NewClient(opt) // want `rdb is never closed`
	unused(rdb)
}

// A context carries it away.
type key struct{}

func carried(ctx context.Context) context.Context {
	rdb := redis.NewClient(opt)
	return context.WithValue(ctx, key{}, rdb)
}

func carriedByRequest(r *http.Request) *http.Request {
	rdb := redis.NewClient(opt)
	return r.WithContext(context.WithValue(r.Context(), key{}, rdb))
}

// A script borrows a connection.
func script() error {
	conn, err := redigo.Dial("tcp", "cache:6379") // want `conn is never closed`
	if err != nil {
		return err
	}
	_, err = redigo.NewScript(0, "return 1").Do(conn)
	return err
}

// A package variable set once.
var (
	once   sync.Once
	shared *redis.Client
)

func setOnce() *redis.Client {
	once.Do(func() { shared = redis.NewClient(opt) })
	return shared
}

func useShared() error { return setOnce().Ping(ctx).Err() }

// An HTTP handler that gives up early.
func handler(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(opt) // want `rdb is not closed on all paths`
	name := r.FormValue("name")
	if name == "" {
		http.Error(w, "no name", http.StatusBadRequest)
		return
	}
	defer rdb.Close()
	fmt.Fprintln(w, rdb.Get(r.Context(), name).Val())
}

// The same, right.
func handlerCloses(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(opt)
	defer rdb.Close()
	name := r.FormValue("name")
	if name == "" {
		http.Error(w, "no name", http.StatusBadRequest)
		return
	}
	fmt.Fprintln(w, rdb.Get(r.Context(), name).Val())
}

// Nested function literals, three deep.
func deep() error {
	rdb := redis.NewClient(opt)
	return func() error {
		defer func() {
			func() { rdb.Close() }()
		}()
		return rdb.Ping(ctx).Err()
	}()
}

// The result of a conversion.
type mine redis.UniversalClient

func converted() {
	c := mine(redis.NewClient(opt))
	defer c.Close()
	c.Ping(ctx)
}
