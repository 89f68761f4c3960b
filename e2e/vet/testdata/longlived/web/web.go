// Package web answers requests.
package web

import (
	"context"
	"fmt"
	"net/http"

	"example.com/longlived/store"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/redis/go-redis/v9"
)

// The end of the process closes it.
var sessions = redis.NewClient(&redis.Options{Addr: "cache:6379"})

// It has a goroutine that nothing tells to stop.
var news = sessions.Subscribe(context.Background(), "news") // unclosed

var limits = redis.NewClient(&redis.Options{Addr: "cache:6379"})

// Shutdown closes what the package has opened.
func Shutdown() error { return limits.Close() }

func session(w http.ResponseWriter, r *http.Request) {
	if msg, err := news.ReceiveMessage(r.Context()); err == nil { // blocking
		fmt.Fprint(w, msg.Payload)
	}
	fmt.Fprint(w, sessions.Get(r.Context(), "s").Val(), limits.Get(r.Context(), "l").Val())
}

type server struct {
	opts *redis.Options
	rdb  *redis.Client
}

func (s *server) each(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(s.opts) // percall
	defer rdb.Close()
	fmt.Fprint(w, rdb.Get(r.Context(), "k").Val())
}

func (s *server) byHelper(w http.ResponseWriter, r *http.Request) {
	rdb := store.Open() // percall
	defer rdb.Close()
	fmt.Fprint(w, rdb.Get(r.Context(), "k").Val())
}

func invoked(name string) error {
	rdb := redis.NewClient(&redis.Options{Addr: "cache:6379"}) // percall
	defer rdb.Close()
	return nil
}

func start() { lambda.Start(invoked) }

func (s *server) shared(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, s.rdb.Get(r.Context(), "k").Val(), store.Default.Get(r.Context(), "k").Val())
}

func (s *server) tenant(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(&redis.Options{Addr: r.FormValue("addr")})
	defer rdb.Close()
	fmt.Fprint(w, rdb.Get(r.Context(), "k").Val())
}

func newServer(opts *redis.Options) *server { return &server{opts: opts, rdb: redis.NewClient(opts)} }

func (s *server) Close() error { return s.rdb.Close() }
