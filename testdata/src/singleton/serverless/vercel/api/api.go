// Package api is a Vercel function: its Handler is the entry point.
package api

import (
	"fmt"
	"net/http"

	"github.com/redis/go-redis/v9"
)

var rdb *redis.Client // want `package-level variable rdb keeps`

var opts = &redis.Options{Addr: "cache:6379"}

// Handler answers a request.
func Handler(w http.ResponseWriter, r *http.Request) {
	if rdb == nil {
		rdb = redis.NewClient(opts)
	}
	fmt.Fprintln(w, rdb.Incr(r.Context(), "count").Val())
}
