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

type router interface {
	Use(func(http.Handler) http.Handler)
	http.Handler
}

func perMinute(rdb *redis.Client) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			rdb.Incr(r.Context(), "n")
			next.ServeHTTP(w, r)
		})
	}
}

// The router gets a middleware, and the client is forgotten.
func forgotten(r router) {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	r.Use(perMinute(rdb))
	r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}

// The middleware comes from another package.
func forgottenFar(r router) {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	r.Use(limit.By(rdb, 5))
	r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}

// Closed on one path.
func sometimes(r router, long bool) {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	r.Use(perMinute(rdb))
	if long {
		rdb.Close()
	}
}

// Closed at the end.
func closed(r router) {
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
