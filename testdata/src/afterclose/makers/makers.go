// Package makers opens clients for other packages.
package makers

import (
	"errors"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// Dial returns nil beside an error.
func Dial() (redigo.Conn, error) {
	c, err := redigo.Dial("tcp", ":6379")
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Checked returns the client even when the server does not answer.
func Checked(ping error) (*redis.Client, error) {
	rdb := redis.NewClient(nil)
	return rdb, ping
}

// Named returns nil beside an error.
func Named(addr string) (rdb *redis.Client, err error) {
	if addr == "" {
		err = errors.New("no address")
		return
	}
	rdb = redis.NewClient(nil)
	return
}

// Connect returns the func that closes what it opened.
func Connect() func() {
	rdb := redis.NewClient(nil)
	return func() { rdb.Close() }
}
