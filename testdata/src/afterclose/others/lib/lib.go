// Package lib lends clients that it keeps.
package lib

import "github.com/redis/go-redis/v9"

var kept = map[string]*redis.Client{}

// Of returns the client of an address, and keeps it.
func Of(addr string) *redis.Client {
	c := kept[addr]
	if c == nil {
		c = redis.NewClient(&redis.Options{Addr: addr})
		kept[addr] = c
	}
	return c
}
