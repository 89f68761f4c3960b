package ends

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"sync"

	"github.com/redis/go-redis/v9"
)

// The program starts here.
func start() *redis.Client {
	rdb := redis.NewClient(opts)
	if err := rdb.Ping(context.Background()).Err(); err != nil {
		log.Fatal(err)
	}
	return rdb
}

// A constructor of a handler.
func newHandler() http.HandlerFunc {
	rdb := start()
	if err := rdb.Ping(context.Background()).Err(); err != nil {
		panic(err)
	}
	return func(w http.ResponseWriter, r *http.Request) { rdb.Ping(r.Context()) }
}

var once sync.Once

// It runs once.
func lazily(w http.ResponseWriter, r *http.Request) {
	once.Do(func() {
		rdb := redis.NewClient(opts)
		defer rdb.Close()
		if err := rdb.Ping(context.Background()).Err(); err != nil {
			log.Fatal(err)
		}
	})
}

// The error is not one of Redis.
func otherError(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	val := rdb.Get(r.Context(), "k").Val()
	var v any
	if err := json.Unmarshal([]byte(val), &v); err != nil {
		log.Fatal(err)
	}
}

// The fallback fails as well, with an error of its own.
func fallbackFails(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	if err := rdb.Ping(r.Context()).Err(); err != nil {
		if _, err := os.ReadFile("fallback"); err != nil {
			log.Fatal(err)
		}
	}
}

func logs(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	if err := rdb.Ping(r.Context()).Err(); err != nil {
		log.Println(err)
		http.Error(w, "try later", http.StatusServiceUnavailable)
		return
	}
}

// The branch without an error.
func noError(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	if err := rdb.Get(r.Context(), "stop").Err(); err == nil {
		log.Fatal("told to stop")
	}
}

// Anybody may call it.
func Exported(ctx context.Context) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	if err := rdb.Ping(ctx).Err(); err != nil {
		log.Fatal(err)
	}
}

func returns(ctx context.Context) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}
