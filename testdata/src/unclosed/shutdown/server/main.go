// Command server answers requests until it is told to end.
package main

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

var rdb *redis.Client // want `package-level rdb is never closed`

var closed = redis.NewClient(&redis.Options{})

func main() {
	rdb = redis.NewClient(&redis.Options{})
	defer closed.Close()
	http.HandleFunc("/", serve)
	http.ListenAndServe(":8080", nil)
}

func serve(w http.ResponseWriter, r *http.Request) {
	rdb.Ping(r.Context())
	closed.Ping(r.Context())
}
