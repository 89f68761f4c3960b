// Package asserting shows assertions: what is behind one has no error.
package asserting

import (
	"context"
	"errors"
	"testing"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"

	"unclosed/asserting/check"
	"unclosed/asserting/own"
)

type store struct{ rdb *redis.Client }

func (s *store) Close() error { return s.rdb.Close() }

// An error leaves the client with the caller.
func newStore(rdb *redis.Client) (*store, error) {
	if err := rdb.Ping(context.Background()).Err(); err != nil {
		return nil, err
	}
	return &store{rdb}, nil
}

// The library ends the test on an error; behind it the store has the client.
func library(t *testing.T) *store {
	rdb := redis.NewClient(&redis.Options{})
	s, err := newStore(rdb)
	check.NilError(t, err, "store")
	return s
}

// So does one that is given the error as anything.
func anything(t *testing.T) *store {
	rdb := redis.NewClient(&redis.Options{})
	s, err := newStore(rdb)
	check.Assert(t, err, check.IsNil)
	return s
}

// So does a method of something that is a test.
func method(t *testing.T) *store {
	c := check.New(t)
	rdb := redis.NewClient(&redis.Options{})
	s, err := newStore(rdb)
	c.NoErr(err)
	return s
}

// One of the program's own is known by what it does.
func program(t *testing.T) *store {
	rdb := redis.NewClient(&redis.Options{})
	s, err := newStore(rdb)
	own.NoError(t, err)
	return s
}

// Also two calls deep.
func deeper(t *testing.T) *store {
	rdb := redis.NewClient(&redis.Options{})
	s, err := newStore(rdb)
	own.Fine(t, "store", err)
	return s
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// One of the package, for an error that another call returned.
func other(t *testing.T, pool *redigo.Pool) {
	conn := pool.Get()
	_, err := conn.Do("PING")
	must(err)
	if err != nil {
		return
	}
	conn.Close()
}

// One that does not end the test changes nothing.
func soft(t *testing.T) *store {
	rdb := redis.NewClient(&redis.Options{}) // want `rdb is not closed on all paths`
	s, err := newStore(rdb)
	own.Soft(t, err)
	if err != nil {
		return nil
	}
	return s
}

// Nor does one that nobody gave a test.
func noted(t *testing.T) *store {
	rdb := redis.NewClient(&redis.Options{}) // want `rdb is not closed on all paths`
	s, err := newStore(rdb)
	if check.Note(err) || err != nil {
		return nil
	}
	return s
}

// What is behind the assertion is there, and has to be closed.
func dropped(t *testing.T) {
	rdb := redis.NewClient(&redis.Options{}) // want `rdb is never closed`
	err := rdb.Ping(context.Background()).Err()
	check.NilError(t, err)
	own.NoError(t, err)
}

// So has what the asserted call opened.
func dialed(t *testing.T) {
	conn, err := redigo.Dial("tcp", "") // want `conn is never closed`
	own.NoError(t, err)
	conn.Do("PING")
}

// An assertion about another error says nothing of this one.
func another(t *testing.T) error {
	rdb := redis.NewClient(&redis.Options{}) // want `rdb is not closed on all paths`
	err := rdb.Ping(context.Background()).Err()
	own.NoError(t, errors.Unwrap(err))
	if err != nil {
		return err
	}
	return rdb.Close()
}
