package handlers

import (
	"context"
	"net/http"
	"sync"

	"percall/calls"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

type shared struct {
	rdb  *redis.Client
	pool *redigo.Pool
	once sync.Once
}

// A constructor's client is kept.
func newShared() *shared { return &shared{rdb: redis.NewClient(opts)} }

func (s *shared) show(w http.ResponseWriter, r *http.Request) { s.rdb.Ping(r.Context()) }

// A connection from a pool is cheap.
func (s *shared) pooled(w http.ResponseWriter, r *http.Request) {
	c := s.pool.Get()
	defer c.Close()
	c.Do("PING")
}

// Opened at the first request.
func (s *shared) lazy(w http.ResponseWriter, r *http.Request) {
	s.once.Do(func() { s.rdb = redis.NewClient(opts) })
	s.rdb.Ping(r.Context())
}

func (s *shared) lazyNil(w http.ResponseWriter, r *http.Request) {
	if s.rdb == nil {
		s.rdb = redis.NewClient(opts)
	}
	s.rdb.Ping(r.Context())
}

// Each tenant has a server of its own.
func tenant(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(&redis.Options{Addr: r.FormValue("addr")})
	defer rdb.Close()
	rdb.Ping(r.Context())
}

func tenantBy(w http.ResponseWriter, r *http.Request) {
	o, err := redis.ParseURL(r.URL.Query().Get("url"))
	if err != nil {
		return
	}
	rdb := redis.NewClient(o)
	defer rdb.Close()
	rdb.Ping(r.Context())
}

func tenantHelper(w http.ResponseWriter, r *http.Request) {
	check(r.Context(), r.FormValue("addr"))
}

func check(ctx context.Context, addr string) error {
	rdb := redis.NewClient(&redis.Options{Addr: addr})
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

func tenantPackage(w http.ResponseWriter, r *http.Request) {
	rdb := calls.OpenAt(r.FormValue("addr"))
	defer rdb.Close()
	rdb.Ping(r.Context())
}

// A middleware opens it once.
func middleware(next http.Handler) http.Handler {
	rdb := redis.NewClient(opts)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rdb.Ping(r.Context())
		next.ServeHTTP(w, r)
	})
}

// Called when the program starts, and by a handler.
func warm() {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	rdb.Ping(context.Background())
}

func start() { warm() }

func reload(w http.ResponseWriter, r *http.Request) { warm() }

// It is kept for the session.
var sessions = map[string]*redis.Client{}

func session(w http.ResponseWriter, r *http.Request) {
	sessions[r.FormValue("id")] = redis.NewClient(opts)
}

// Nobody says who calls it.
func job() {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	rdb.Ping(context.Background())
}
