// Command server answers requests until it is told to end.
package main

import (
	"context"
	"net/http"

	"github.com/redis/go-redis/v9"
)

var rdb *redis.Client

var sub *redis.PubSub // want `package-level variable sub is never closed`

var closed = redis.NewClient(&redis.Options{})

func main() {
	rdb = redis.NewClient(&redis.Options{})
	sub = rdb.Subscribe(context.Background(), "news")
	defer closed.Close()
	http.HandleFunc("/", serve)
	http.ListenAndServe(":8080", nil)
}

func serve(w http.ResponseWriter, r *http.Request) {
	rdb.Ping(r.Context())
	sub.Receive(r.Context())
	closed.Ping(r.Context())
}
