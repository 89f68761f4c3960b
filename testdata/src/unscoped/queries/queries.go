// Package queries issues commands on the clients that it is handed: whether
// they come from a scope is for its callers to answer.
package queries

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// Name reads a name.
func Name(ctx context.Context, rdb redis.Cmdable, id string) (string, error) {
	return rdb.HGet(ctx, "user:"+id, "name").Result()
}

// Names reads several, by way of Name.
func Names(ctx context.Context, rdb *redis.Client, ids ...string) (names []string) {
	for _, id := range ids {
		if name, err := Name(ctx, rdb, id); err == nil {
			names = append(names, name)
		}
	}
	return names
}

// Addr asks nothing of the server.
func Addr(rdb *redis.Client) string { return rdb.Options().Addr }
