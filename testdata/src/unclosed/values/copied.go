package values

import (
	"errors"

	"github.com/gomodule/redigo/redis"
)

var errShort = errors.New("short")

// A pool that is a value, not a pointer, is closed.
func poolValue() error {
	pool := redis.Pool{MaxIdle: 1}
	defer pool.Close()
	conn := pool.Get()
	defer conn.Close()
	return conn.Err()
}

// The same with var.
func poolVar() error {
	var pool = redis.Pool{MaxIdle: 1}
	conn := pool.Get()
	defer conn.Close()
	err := conn.Err()
	_ = pool.Close()
	return err
}

// Assigned to a variable that was there before.
func poolAssigned() error {
	var pool redis.Pool
	pool = redis.Pool{MaxIdle: 1}
	defer pool.Close()
	conn := pool.Get()
	defer conn.Close()
	return conn.Err()
}

type hasPool struct{ pool redis.Pool }

// In a field of a struct.
func poolField() error {
	h := hasPool{pool: redis.Pool{MaxIdle: 1}}
	defer h.pool.Close()
	return nil
}

// Forgotten.
func poolForgotten() error {
	pool := redis.Pool{MaxIdle: 1} // want `pool is never closed`
	conn := pool.Get()
	defer conn.Close()
	return conn.Err()
}

// Forgotten on one path.
func poolForgottenOnce(n int) error {
	pool := redis.Pool{MaxIdle: 1} // want `pool is not closed on all paths`
	if n > 1 {
		return errShort
	}
	return pool.Close()
}
