// Package middleware is about funcs that a function makes of a client: they use
// it, and who has them can do no more.
package middleware

import (
	"net/http"
	"net/http/httptest"

	"github.com/redis/go-redis/v9"
	"unclosed/middleware/limit"
)

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

type router struct {
	http.ServeMux
	all []func(http.Handler) http.Handler
}

func newRouter() *router { return &router{} }

func (r *router) Use(mw ...func(http.Handler) http.Handler) { r.all = append(r.all, mw...) }

func perMinute(rdb *redis.Client) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rdb.Incr(r.Context(), "n")
			next.ServeHTTP(w, r)
		})
	}
}

// The router gets a middleware, and the client is forgotten.
func forgotten() {
	r := newRouter()
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	r.Use(perMinute(rdb))
	r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}

// The middleware comes from another package.
func forgottenFar() {
	r := newRouter()
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	r.Use(limit.By(rdb, 5))
	r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}

// Closed on one path.
func sometimes(long bool) {
	r := newRouter()
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	r.Use(perMinute(rdb))
	if long {
		rdb.Close()
	}
}

// Closed at the end.
func closed() {
	r := newRouter()
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	r.Use(perMinute(rdb))
	r.Use(limit.By(rdb, 5))
	r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}

// What is returned needs the client as long as it lives.
func returned() func(http.Handler) http.Handler {
	rdb := redis.NewClient(opts())
	return perMinute(rdb)
}

func returnedFar() func(http.Handler) http.Handler {
	rdb := redis.NewClient(opts())
	return limit.By(rdb, 5)
}

func wrapped(next http.Handler) http.Handler {
	rdb := redis.NewClient(opts())
	return perMinute(rdb)(next)
}

func chained(next http.Handler) http.Handler {
	rdb := redis.NewClient(opts())
	limited := limit.By(rdb, 5)
	return perMinute(rdb)(limited(next))
}

type server struct {
	handler http.Handler
	name    string
}

// So does what is kept in what is returned.
func inStruct(next http.Handler) *server {
	rdb := redis.NewClient(opts())
	return &server{handler: limit.By(rdb, 5)(next), name: "web"}
}

func (s *server) setUp(next http.Handler) {
	rdb := redis.NewClient(opts())
	s.handler = perMinute(rdb)(next)
}

var shared func(http.Handler) http.Handler

func setShared() {
	rdb := redis.NewClient(opts())
	shared = perMinute(rdb)
}

// The func gives the client out.
func giver(rdb *redis.Client) func() func() *redis.Client {
	return func() func() *redis.Client { return func() *redis.Client { return rdb } }
}

func given(register func(any)) {
	rdb := redis.NewClient(opts())
	register(giver(rdb))
}

// The func closes it.
func closer(rdb *redis.Client) func() func() error {
	return func() func() error { return rdb.Close }
}

func closing(register func(any)) {
	rdb := redis.NewClient(opts())
	register(closer(rdb))
}

// Who gets a router, or had it before, has what it was given.
func routes() http.Handler {
	rdb := redis.NewClient(opts())
	r := newRouter()
	r.Use(perMinute(rdb), limit.By(nil, 5))
	return r
}

func routesUnder(r *router) {
	rdb := redis.NewClient(opts())
	r.Use(limit.By(rdb, 5))
}

func routesBelow() *router {
	r := newRouter()
	group(r).Use(perMinute(redis.NewClient(opts())))
	return r
}

func group(r *router) *router { return &router{all: r.all} }

func routesOfServer(m map[string]http.Handler, next http.Handler) {
	rdb := redis.NewClient(opts())
	m["/"] = perMinute(rdb)(next)
}

func globally(next http.Handler) {
	rdb := redis.NewClient(opts())
	http.Handle("/", perMinute(rdb)(next))
}

func chain(all ...func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		for _, mw := range all {
			h = mw(h)
		}
		return h
	}
}

func inChain(next http.Handler) http.Handler {
	rdb := redis.NewClient(opts())
	return chain(perMinute(rdb), limit.By(nil, 5))(next)
}

func (s *server) register(mw func(http.Handler) http.Handler) { s.handler = mw(s.handler) }

func (s *server) setUpBy() {
	rdb := redis.NewClient(opts())
	s.register(perMinute(rdb))
}
