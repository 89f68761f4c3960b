// Package transaction has a function that lends a transaction. That is no scope
// to move other commands into.
package transaction

import (
	"context"

	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

var rdb = redis.NewClient(&redis.Options{})

func txn(f func(tx *redis.Tx) error) error {
	return rdb.Watch(ctx, func(tx *redis.Tx) error { return f(tx) }, "k") // want `rdb.Watch runs( Redis commands)? outside a scope; call it inside (a scope such as )?WithRedis`
}

func get() error {
	return rdb.Get(ctx, "k").Err() // want `rdb.Get runs( Redis commands)? outside a scope; call it inside (a scope such as )?WithRedis`
}
