// Package holders has types and constructors that another package's variables
// use.
package holders

import "github.com/redis/go-redis/v9"

// Cache holds a client.
type Cache struct {
	rdb *redis.Client
	ttl int
}

// New opens a cache.
func New() *Cache { return &Cache{rdb: redis.NewClient(&redis.Options{})} }

// Len counts.
func (c *Cache) Len() int { return c.ttl }

// Close closes.
func (c *Cache) Close() error { return c.rdb.Close() }

// Pinger is an interface that a client fits.
type Pinger interface{ Close() error }

// Open returns a client as a Pinger.
func Open() Pinger { return redis.NewClient(&redis.Options{}) }

// Settings hold no client.
type Settings struct {
	Options *redis.Options
	Name    string
}
