package habits

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"example.com/shop/store"
	"github.com/redis/go-redis/v9"
)

//rules fatal

func dies(w http.ResponseWriter, r *http.Request) {
	err := store.WithRedis(r.Context(), func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Set(ctx, "k", 1, 0).Err()
	})
	if err != nil {
		log.Fatal(err) // fatal
	}
}

func panics(w http.ResponseWriter, r *http.Request) {
	rdb := open("cache:6379")
	defer rdb.Close()
	if err := rdb.Ping(r.Context()).Err(); err != nil {
		panic(err) // fatal
	}
}

func missIsFailure(w http.ResponseWriter, r *http.Request) {
	rdb := open("cache:6379")
	defer rdb.Close()
	name, err := rdb.Get(r.Context(), "name").Result()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError) // fatal
		return
	}
	fmt.Fprint(w, name)
}

func missIsFailureByHelper(w http.ResponseWriter, r *http.Request) {
	n, err := count(r.Context())
	if err != nil {
		w.WriteHeader(500) // fatal
		return
	}
	fmt.Fprint(w, n)
}

func count(ctx context.Context) (int, error) {
	rdb := open("cache:6379")
	defer rdb.Close()
	n, err := rdb.HGet(ctx, "h", "count").Int()
	if err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	return n, nil
}

func missToldApart(w http.ResponseWriter, r *http.Request) {
	rdb := open("cache:6379")
	defer rdb.Close()
	name, err := rdb.Get(r.Context(), "name").Result()
	if errors.Is(err, redis.Nil) {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprint(w, name)
}

func setFails(w http.ResponseWriter, r *http.Request) {
	rdb := open("cache:6379")
	defer rdb.Close()
	if err := rdb.Set(r.Context(), "k", 1, 0).Err(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func starts(ctx context.Context) *redis.Client {
	rdb := open("cache:6379")
	if err := rdb.Ping(ctx).Err(); err != nil {
		log.Fatal(err)
	}
	return rdb
}
