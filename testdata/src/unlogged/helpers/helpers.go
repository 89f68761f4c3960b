// Package helpers has a logger of its own, and functions that use it.
package helpers

import (
	"log/slog"

	"github.com/redis/go-redis/v9"
)

// CloseLogged closes a client and says so.
func CloseLogged(rdb *redis.Client) { closeLogged(rdb) }

func closeLogged(rdb *redis.Client) {
	slog.Debug("redis: close", "error", rdb.Close())
}

// CloseQuietly closes a client and tells nobody.
func CloseQuietly(rdb *redis.Client) { _ = rdb.Close() }
