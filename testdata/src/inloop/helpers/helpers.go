// Package helpers opens clients for other packages.
package helpers

import (
	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// Open opens a client.
func Open() *redis.Client { return redis.NewClient(&redis.Options{}) }

// OpenAt opens a client to an address.
func OpenAt(addr string) (*redis.Client, error) {
	return redis.NewClient(&redis.Options{Addr: addr}), nil
}

// Dial dials.
func Dial(addr string) (redigo.Conn, error) { return redigo.Dial("tcp", addr) }
