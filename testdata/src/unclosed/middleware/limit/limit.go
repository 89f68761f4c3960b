// Package limit makes middleware that asks Redis.
package limit

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

// By returns a middleware that uses the client, and cannot close it.
func By(rdb *redis.Client, most int64) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if rdb.Incr(r.Context(), r.RemoteAddr).Val() > most {
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
