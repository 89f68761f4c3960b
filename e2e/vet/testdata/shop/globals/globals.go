// Package globals has variables.
package globals

import (
	"sync"
	"sync/atomic"

	"example.com/shop/store"
	"github.com/redis/go-redis/v9"
)

//rules singleton

var direct = redis.NewClient(options) // singleton

var pointer *redis.ClusterClient // singleton

var carts *store.Carts // singleton

var byName = map[string]redis.UniversalClient{} // singleton

var once = sync.OnceValue(func() *redis.Client { return redis.NewClient(options) }) // singleton

var current atomic.Pointer[redis.Client] // singleton

var app struct { // singleton
	name string
	rdb  redis.UniversalClient
}

var anything any // singleton

// Set assigns.
func Set() { anything = redis.NewClient(options) }

var options = &redis.Options{Addr: "localhost:6379"}

var script = redis.NewScript("return 1")

var open = func() *redis.Client { return redis.NewClient(options) }

var construct = redis.NewUniversalClient

var errMiss error = redis.Nil

var _ redis.Cmdable = (*redis.Client)(nil)

var scope = store.WithRedis

var last *redis.StringCmd

var atomicOptions atomic.Pointer[redis.Options]
