// Package kinds holds ways to hand a client on, and to open one.
package kinds

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func dial() *redis.Client { return redis.NewClient(&redis.Options{}) }

// A scope that closes on success only.
func onSuccess(work func(*redis.Client) error) error {
	rdb := dial() // want `not closed on all paths`
	if err := work(rdb); err != nil {
		return err
	}
	return rdb.Close()
}

// A scope that closes on failure only.
func onFailure(work func(*redis.Client) (int, error)) (int, error) {
	rdb := dial() // want `not closed on all paths`
	n, err := work(rdb)
	if err != nil {
		rdb.Close()
		return 0, err
	}
	return n, nil
}

type depot struct{}

// A scope that never closes, as a method.
func (depot) never(work func(*redis.Client) error) error {
	rdb := dial() // want `rdb is never closed`
	return errors.Join(work(rdb))
}

type byValue struct{ rdb *redis.Client }

// Kept in a struct that is returned by value.
func newByValue() byValue {
	return byValue{rdb: dial()} // want `stored in byValue.rdb, and nothing \w+ it there`
}

type inner struct{ rdb *redis.Client }

type outer struct{ in inner }

// Kept in a struct within a struct.
func newOuter() *outer {
	return &outer{in: inner{rdb: dial()}} // want `and nothing \w+ it there`
}

type growing struct{ all []*redis.Client }

// Appended to what nothing visits.
func (g *growing) add() {
	g.all = append(g.all, dial()) // want `and nothing \w+ it there`
}

func (g *growing) size() int { return len(g.all) }

type lazy struct{ open func() (*redis.Client, error) }

func newLazy() *lazy {
	return &lazy{open: func() (*redis.Client, error) { return dial(), nil }}
}

// Opened through a field that holds one func.
func (l *lazy) ping() error {
	rdb, err := l.open() // want `rdb is never closed`
	if err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

// Opened through a parameter: all that is passed for it opens.
func each(open func() *redis.Client) {
	rdb := open() // want `rdb is never closed`
	rdb.Ping(ctx)
}

func all() {
	each(dial)
	each(func() *redis.Client { return dial() })
}
