// Package plain has helpers that call funcs. It has no Redis, and is not read.
package plain

import "errors"

func Map[T, R any](in []T, fn func(T) R) []R {
	var out []R
	for _, v := range in {
		out = append(out, fn(v))
	}
	return out
}

func Do[T any](fn func() (T, error)) (T, error) { return fn() }

func Else[T any](fn func() (T, error), other T) T {
	v, err := fn()
	if err != nil {
		return other
	}
	return v
}

var errNone = errors.New("none")

// A Cache keeps what it made.
type Cache[T any] struct{ m map[string]T }

func (c *Cache[T]) Get(key string, fn func() T) T {
	if _, ok := c.m[key]; !ok {
		c.m[key] = fn()
	}
	return c.m[key]
}

// Keep puts it into what it was given.
func Keep[T any](c *Cache[T], fn func() T) T { return c.Get("", fn) }

// Each passes it on.
func Each[T, R any](open func() T, fn func(T) R) (R, error) { return fn(open()), errNone }
