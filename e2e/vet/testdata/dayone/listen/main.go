// Command listen serves by a function that a row of -extra knows.
package main

import (
	"net/http"

	"example.com/dayone/platform"
	"github.com/redis/go-redis/v9"
)

func handle(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(&redis.Options{Addr: "cache:6379"}) // percall
	defer rdb.Close()
	if err := rdb.Incr(r.Context(), "n").Err(); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

func main() { platform.Listen(http.HandlerFunc(handle)) }
