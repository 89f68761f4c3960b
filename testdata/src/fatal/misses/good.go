package misses

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"fatal/store"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

func toldApart(w http.ResponseWriter, r *http.Request) {
	name, err := rdb.Get(r.Context(), "name").Result()
	if err == redis.Nil {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	fmt.Fprint(w, name)
}

func toldApartIn(w http.ResponseWriter, r *http.Request) {
	_, err := rdb.Get(r.Context(), "name").Result()
	if err != nil {
		if errors.Is(err, redis.Nil) {
			http.NotFound(w, r)
			return
		}
		http.Error(w, err.Error(), 500)
	}
}

func toldApartBoth(w http.ResponseWriter, r *http.Request) {
	_, err := rdb.Get(r.Context(), "name").Result()
	if err != nil && err != redis.Nil {
		http.Error(w, err.Error(), 500)
	}
}

func isMissing(err error) bool { return strings.Contains(err.Error(), "nil") }

func toldApartByHelper(w http.ResponseWriter, r *http.Request) {
	_, err := rdb.Get(r.Context(), "name").Result()
	if err != nil && !isMissing(err) {
		http.Error(w, err.Error(), 500)
	}
}

func redigoToldApart(w http.ResponseWriter, r *http.Request) {
	conn := pool.Get()
	defer conn.Close()
	_, err := redigo.String(conn.Do("GET", "k"))
	if err != nil && err != redigo.ErrNil {
		http.Error(w, "redis", 500)
	}
}

func rueidisToldApart(w http.ResponseWriter, r *http.Request) {
	_, err := client.Do(r.Context(), client.B().Get().Key("k").Build()).ToString()
	if rueidis.IsRedisNil(err) {
		return
	}
	if err != nil {
		http.Error(w, "redis", 500)
	}
}

// Of a raw reply a miss is no error.
func raw(w http.ResponseWriter, r *http.Request) {
	conn := pool.Get()
	defer conn.Close()
	_, err := conn.Do("GET", "k")
	if err != nil {
		http.Error(w, "redis", 500)
	}
}

// There is no miss of these.
func noMiss(w http.ResponseWriter, r *http.Request) {
	if err := rdb.Set(r.Context(), "k", 1, 0).Err(); err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	if err := rdb.Del(r.Context(), "k").Err(); err != nil {
		http.Error(w, err.Error(), 500)
	}
}

func notFound(w http.ResponseWriter, r *http.Request) {
	_, err := rdb.Get(r.Context(), "name").Result()
	if err != nil {
		http.Error(w, "no such name", http.StatusNotFound)
	}
}

// It falls back.
func fallsBack(w http.ResponseWriter, r *http.Request) {
	name, err := rdb.Get(r.Context(), "name").Result()
	if err != nil {
		name = "nobody"
	}
	fmt.Fprint(w, name)
}

// The package tells a miss apart.
func known(w http.ResponseWriter, r *http.Request) {
	name, err := store.Known(r.Context())
	if err != nil {
		http.Error(w, err.Error(), 500)
		return
	}
	fmt.Fprint(w, name)
}

// The database fails, not the cache.
func readThrough(w http.ResponseWriter, r *http.Request) {
	name, err := rdb.Get(r.Context(), "name").Result()
	if err != nil {
		var dbErr error
		if name, dbErr = query(); dbErr != nil {
			http.Error(w, dbErr.Error(), 500)
			return
		}
	}
	fmt.Fprint(w, name)
}

func query() (string, error) { return "", nil }

// It only returns the error.
func returned(w http.ResponseWriter, r *http.Request) error {
	_, err := rdb.Get(r.Context(), "name").Result()
	if err != nil {
		return err
	}
	return nil
}

// By its text.
func byText(w http.ResponseWriter, r *http.Request) {
	_, err := rdb.Get(r.Context(), "name").Result()
	if err != nil {
		if err.Error() == "redis: nil" || strings.Contains(err.Error(), "nil") {
			return
		}
		http.Error(w, err.Error(), 500)
	}
}

func answer(w http.ResponseWriter, err error) {
	if errors.Is(err, redis.Nil) {
		http.Error(w, "no such key", 404)
		return
	}
	http.Error(w, err.Error(), 500)
}

// The function that answers tells it apart.
func byAnswerer(w http.ResponseWriter, r *http.Request) {
	_, err := rdb.Get(r.Context(), "name").Result()
	if err != nil {
		answer(w, err)
		return
	}
}

// The key was written just before.
func justWritten(w http.ResponseWriter, r *http.Request) {
	if err := rdb.Set(r.Context(), "n:"+r.RemoteAddr, 1, 0).Err(); err != nil {
		return
	}
	_, err := rdb.Get(r.Context(), "n:"+r.RemoteAddr).Result()
	if err != nil {
		http.Error(w, err.Error(), 500)
	}
}
