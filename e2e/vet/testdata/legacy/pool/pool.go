// Package pool makes pools and lends their connections.
package pool

import (
	"context"
	"time"

	"github.com/gomodule/redigo/redis"
)

//rules unclosed undeferred singleton

// New makes a pool. The caller must close it.
func New(addr, password string) *redis.Pool {
	return &redis.Pool{
		MaxIdle:     3,
		IdleTimeout: time.Minute,
		DialContext: func(ctx context.Context) (redis.Conn, error) {
			conn, err := redis.DialContext(ctx, "tcp", addr)
			if err != nil {
				return nil, err
			}
			if _, err := conn.Do("AUTH", password); err != nil {
				conn.Close()
				return nil, err
			}
			return conn, nil
		},
	}
}

// NewHastily forgets a connection whose password is wrong.
func NewHastily(addr, password string) *redis.Pool {
	return &redis.Pool{Dial: func() (redis.Conn, error) {
		conn, err := redis.Dial("tcp", addr) // unclosed
		if err != nil {
			return nil, err
		}
		if _, err := conn.Do("AUTH", password); err != nil {
			return nil, err
		}
		return conn, nil
	}}
}

// With lends a connection of a pool.
func With(p *redis.Pool, fn func(redis.Conn) error) error {
	conn := p.Get()
	defer conn.Close()
	return fn(conn)
}

// Borrow uses a connection and leaves it open.
func Borrow(conn redis.Conn) (int, error) { return redis.Int(conn.Do("INCR", "borrowed")) }

// Dial opens a connection. The caller must close it.
func Dial() (redis.Conn, error) { return dial("localhost:6379") }

func dial(addr string) (redis.Conn, error) { return redis.Dial("tcp", addr) }
