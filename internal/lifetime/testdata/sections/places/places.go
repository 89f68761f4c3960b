// Package places holds docs/engine.md, Places.
package places

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

// Cache owns its client by value of the struct.
type Cache struct{ rdb *redis.Client }

func (c Cache) Close() error { return c.rdb.Close() } // engine: param 0.0 released surely

func NewValue() Cache { // engine: opens result 0.0
	return Cache{redis.NewClient(nil)} // engine: left to the caller
}

func UseValue() {
	c := NewValue() // engine: released
	defer c.Close()
}

func ForgetValue() {
	c := NewValue() // engine: leaks +2
	c.rdb.Ping(context.Background())
}

type Service struct{ cache Cache }

func (s *Service) Close() error { return s.cache.Close() } // engine: param 0*.0.0 released surely

// The owner is nested in another.
func NewService() *Service { // engine: makes result 0; opens result 0*.0.0
	return &Service{Cache{redis.NewClient(nil)}} // engine: left to the caller
}

func UseService() {
	s := NewService() // engine: released
	defer s.Close()
}

// Owner is generic. Which of its methods release is not looked up yet, so its
// constructor hands nothing to its callers.
type Owner[T any] struct {
	rdb *redis.Client
	val T
}

func (o *Owner[T]) Close() error { return o.rdb.Close() } // engine: param 0*.0 released surely

func NewOwner[T any]() *Owner[T] { // engine: makes result 0
	return &Owner[T]{rdb: redis.NewClient(nil)} // engine: left to the caller
}

func UseOwner() {
	o := NewOwner[int]()
	defer o.Close()
}

func ForgetOwner() int {
	o := NewOwner[int]()
	return o.val
}

// Elements are not told apart.
func Elements() {
	var all [2]*redis.Client
	all[0] = redis.NewClient(nil) // engine: released
	all[1] = redis.NewClient(nil) // engine: released
	for _, c := range all {
		c.Close()
	}
}

// A copy of a struct has the client too.
func Copied() {
	a := Cache{redis.NewClient(nil)} // engine: released
	b := a
	b.Close()
}

// Beside an error nobody looks at the other result.
func BesideError() (*redis.Client, error) { // engine: opens result 0 unless result 1
	rdb := redis.NewClient(nil) // engine: leaks +2 beside an error
	if rdb.Ping(context.Background()).Err() != nil {
		return rdb, errors.New("down")
	}
	return rdb, nil
}

// Stored behind a parameter: the caller's.
func Fill(cs []*redis.Client) { // engine: opens param 0*[]
	cs[0] = redis.NewClient(nil) // engine: left to the caller
}

// A factory comes in by a field.
type app struct{ open func() *redis.Client }

func newApp() *app {
	return &app{open: func() *redis.Client { return redis.NewClient(nil) }} // engine: left to the caller
}

func (a *app) run() {
	rdb := a.open() // engine: leaks +2
	rdb.Ping(context.Background())
}

func RunApp() { newApp().run() }

// A factory comes in by a parameter.
func with(open func() *redis.Client) {
	rdb := open() // engine: leaks +2
	rdb.Ping(context.Background())
}

func With() {
	with(func() *redis.Client { return redis.NewClient(nil) }) // engine: left to the caller
}
