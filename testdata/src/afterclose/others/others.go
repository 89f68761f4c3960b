// Package others closes what it was given, or got from others, and uses it then.
package others

import (
	"context"

	"afterclose/others/lib"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

// Somebody else keeps it as well.
func lent(key string) (string, error) {
	rdb := lib.Of("a")
	rdb.Close()
	return rdb.Get(ctx, key).Result() // want `rdb is used after rdb.Close at line 18; close it after its last use`
}

// It came in by a parameter.
func given(rdb *redis.Client, key string) (string, error) {
	if err := rdb.Close(); err != nil {
		return "", err
	}
	return rdb.Get(ctx, key).Result() // want `rdb is used after rdb.Close`
}

// An interface.
func universal(rdb redis.UniversalClient, key string) string {
	_ = rdb.Close()
	if key == "" {
		key = "k"
	}
	return rdb.Get(ctx, key).Val() // want `rdb is used after rdb.Close`
}

// A connection, in each turn of a loop.
func each(conns []redigo.Conn) {
	for _, c := range conns {
		c.Close()
		c.Do("PING") // want `c is used after c.Close`
	}
}

// Closed at the end.
func deferred(key string) (string, error) {
	rdb := lib.Of("a")
	defer rdb.Close()
	return rdb.Get(ctx, key).Result()
}

// Closed on one path, used on another.
func either(rdb *redis.Client, stop bool) string {
	if stop {
		rdb.Close()
	}
	if !stop {
		return rdb.Get(ctx, "k").Val()
	}
	return ""
}

// Another one by then.
func replaced(rdb *redis.Client) string {
	rdb.Close()
	rdb = lib.Of("b")
	return rdb.Get(ctx, "k").Val()
}

// Each turn closes its own.
func turns(addrs []string) {
	for _, addr := range addrs {
		rdb := lib.Of(addr)
		rdb.Get(ctx, "k")
		rdb.Close()
	}
}

// A field may hold another one.
type holder struct{ rdb *redis.Client }

func (h *holder) again() string {
	h.rdb.Close()
	h.reset()
	return h.rdb.Get(ctx, "k").Val()
}

func (h *holder) reset() { h.rdb = lib.Of("b") }

// What says how it went is no use.
func stats(rdb *redis.Client) *redis.Options {
	rdb.Close()
	return rdb.Options()
}
