// Package settings dials and opens with good and with bad options.
//
//rules timeout reconnect
package settings

import (
	"time"

	"github.com/go-redis/redis/v8"
	redigo "github.com/gomodule/redigo/redis"
)

func bare(addr string) (redigo.Conn, error) {
	return redigo.Dial("tcp", addr) // timeout
}

func dial(addr string) (redigo.Conn, error) {
	return redigo.Dial("tcp", addr,
		redigo.DialConnectTimeout(time.Second), redigo.DialReadTimeout(time.Second), redigo.DialWriteTimeout(time.Second))
}

func parameters(addr string) (redigo.Conn, error) {
	return redigo.DialTimeout("tcp", addr, time.Second, time.Second, 0) // timeout
}

func eight(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: addr}) // reconnect
}

func eightOnce(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: addr, MaxRetries: -1})
}
