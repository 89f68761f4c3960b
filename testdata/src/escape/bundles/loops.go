package bundles

import (
	"context"

	"escape/scopes"
	"github.com/redis/go-redis/v9"
)

// The client of an iterator of another package is kept when the loop is over.
func afterLoop(keys []string) *redis.Client {
	var last *redis.Client
	for _, rdb := range scopes.Each(keys) {
		last = rdb // want `rdb escapes its scope: last keeps it after the scope has closed it; do the work inside the callback`
	}
	return last
}

// What the loop does with it, it does in time.
func inLoop(ctx context.Context, keys []string) (n int64) {
	for k, rdb := range scopes.Each(keys) {
		c := rdb
		n += c.Incr(ctx, k).Val()
	}
	return n
}
