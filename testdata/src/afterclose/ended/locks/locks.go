// Package locks takes locks back.
package locks

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// Unlock deletes the lock.
func Unlock(ctx context.Context, rdb *redis.Client, key string) { rdb.Del(ctx, key) }

// Free deletes it with a context of its own.
func Free(ctx context.Context, rdb *redis.Client, key string) {
	rdb.Del(context.WithoutCancel(ctx), key)
}
