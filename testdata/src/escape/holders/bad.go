// Package holders shows what a client leaves its scope in, and what may stay.
package holders

import (
	"context"
	"sync"
	"sync/atomic"

	"escape/scopes"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

type repo struct{ rdb *redis.Client }

func newRepo(rdb *redis.Client) *repo { return &repo{rdb} }

func (r *repo) name() string { return r.rdb.Get(ctx, "name").Val() }

type service struct {
	get  func(string) string
	repo *repo
	keys *redis.ScanIterator
	all  []*repo
}

var (
	clients sync.Map
	current atomic.Pointer[redis.Client]
)

// A literal that is stored.
func (s *service) stored() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.get = func(k string) string { return rdb.Get(ctx, k).Val() } // want `a function that uses .* escapes its scope: s.get keeps it after scopes.WithRedis has closed rdb`
		return nil
	})
}

// A literal that is returned.
func returned() (func() error, error) {
	return scopes.Query(ctx, func(rdb *redis.Client) (func() error, error) {
		return func() error { return rdb.Ping(ctx).Err() }, nil // want `a function that uses .* escapes its scope: the callback returns it`
	})
}

// A literal that is sent.
func sent(jobs chan<- func()) error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		jobs <- func() { rdb.Incr(ctx, "n") } // want `a function that uses .* escapes its scope: it is sent on a channel`
		return nil
	})
}

// A method value.
func method() (get func(context.Context, string) *redis.StringCmd, err error) {
	err = scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		get = rdb.Get // want `a function that uses .* escapes its scope: get keeps it after`
		return nil
	})
	return get, err
}

// An object.
func (s *service) object() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.repo = &repo{rdb: rdb} // want `an object that holds .* escapes its scope: s.repo keeps it after`
		return nil
	})
}

// A constructor.
func (s *service) constructor() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.repo = newRepo(rdb) // want `an object that holds .* escapes its scope: s.repo keeps it after`
		return nil
	})
}

// An object that is returned.
func opened() (*repo, error) {
	return scopes.Query(ctx, func(rdb *redis.Client) (*repo, error) {
		return newRepo(rdb), nil // want `an object that holds .* escapes its scope: the callback returns it, and scopes.Query closes rdb`
	})
}

// A function that keeps what it is given.
func (s *service) use(rdb *redis.Client) { s.repo.rdb = rdb }

func (s *service) handed() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.use(rdb) // want `escapes its scope: s.use keeps it after`
		return nil
	})
}

// One of another package, which starts a goroutine.
func watched() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		scopes.Watch(rdb) // want `escapes its scope: scopes.Watch keeps it after`
		return nil
	})
}

// An iterator.
func (s *service) iterator() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.keys = rdb.Scan(ctx, 0, "*", 0).Iterator() // want `a handle on .* escapes its scope: s.keys keeps it after`
		return nil
	})
}

// A concurrent map.
func inMap() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		clients.Store("a", rdb) // want `a handle on .* escapes its scope: a variable outside keeps it after`
		return nil
	})
}

// An atomic pointer.
func inPointer() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		current.Store(rdb) // want `a handle on .* escapes its scope: a variable outside keeps it after`
		return nil
	})
}
