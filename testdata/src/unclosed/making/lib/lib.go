// Package lib has helpers that call funcs. It is read, since it has to do with
// Redis.
package lib

import (
	"errors"
	"io"
	"time"

	"github.com/redis/go-redis/v9"
)

func Ping(rdb *redis.Client) bool { return rdb != nil }

// Retry tries again.
func Retry[T any](n int, open func() (T, error)) (T, error) {
	var zero T
	for range n {
		v, err := open()
		if err == nil {
			return v, nil
		}
		time.Sleep(time.Second)
	}
	return zero, errors.New("retries")
}

// A Result is a value or an error.
type Result[T any] struct {
	Val T
	Err error
}

func Of[T any](open func() (T, error)) Result[T] {
	v, err := open()
	return Result[T]{v, err}
}

func (r Result[T]) Get() (T, error) { return r.Val, r.Err }

// Connect calls a factory of clients.
func Connect(open func(addr string) *redis.Client, addr string) *redis.Client { return open(addr) }

// With is a scope: it closes what it opened.
func With[C io.Closer](open func() (C, error), fn func(C) error) error {
	c, err := open()
	if err != nil {
		return err
	}
	defer c.Close()
	return fn(c)
}

// A Registry keeps what it made.
type Registry struct{ byName map[string]*redis.Client }

func (r *Registry) Get(name string, open func() *redis.Client) *redis.Client {
	if c, ok := r.byName[name]; ok {
		return c
	}
	c := open()
	r.byName[name] = c
	return c
}

func (r *Registry) Close() {
	for _, c := range r.byName {
		c.Close()
	}
}
