// Package lib has helpers that call back with what they were given. It is read,
// since it has to do with Redis.
package lib

import (
	"io"

	"github.com/redis/go-redis/v9"
)

// Use calls back.
func Use[T io.Closer](c T, fn func(T) error) error { return fn(c) }

// Twice calls back by another.
func Twice[T io.Closer](c T, fn func(T) error) error {
	if err := Use(c, fn); err != nil {
		return err
	}
	return Use(c, fn)
}

// Closing calls back, and closes.
func Closing[T io.Closer](c T, fn func(T) error) error {
	defer c.Close()
	return fn(c)
}

// OnSuccess closes if the callback has not failed.
func OnSuccess(fn func(name string, c *redis.Client) error, c *redis.Client) error {
	if err := fn("redis", c); err != nil {
		return err
	}
	return c.Close()
}

// A Session lends what it has.
type Session struct{ rdb *redis.Client }

func NewSession(rdb *redis.Client) *Session { return &Session{rdb} }

func (s *Session) Do(fn func(*redis.Client) error) error { return fn(s.rdb) }

func (s *Session) Close() error { return s.rdb.Close() }
