// Package bundles is lent a client in a struct.
package bundles

import "github.com/redis/go-redis/v9"

type bundle struct {
	rdb *redis.Client
	n   int
}

func withBundle(fn func(*bundle) error) error {
	c := redis.NewClient(&redis.Options{})
	defer c.Close()
	return fn(&bundle{rdb: c, n: 1})
}

type mixed struct{ rdb, shared *redis.Client }

var all = redis.NewClient(&redis.Options{})

func withMixed(fn func(*mixed) error) error {
	c := redis.NewClient(&redis.Options{})
	defer c.Close()
	return fn(&mixed{rdb: c, shared: all})
}

type repo struct {
	rdb *redis.Client
	n   int
}

// Kept in an object that is captured.
func captured(r *repo) error {
	return withBundle(func(b *bundle) error {
		r.rdb = b.rdb // want `b.rdb escapes its scope: r.rdb keeps it after`
		return nil
	})
}

// Kept in a variable.
func variable() *redis.Client {
	var out *redis.Client
	withBundle(func(b *bundle) error {
		out = b.rdb // want `b.rdb escapes its scope: out keeps it after`
		return nil
	})
	return out
}

// What is not lent may be kept, and so may what is no client.
func others(r *repo) error {
	if err := withBundle(func(b *bundle) error {
		r.n = b.n
		return nil
	}); err != nil {
		return err
	}
	return withMixed(func(m *mixed) error {
		r.rdb = m.shared
		return nil
	})
}

// The client may be used inside.
func inside(r *repo) error {
	return withBundle(func(b *bundle) error {
		c := b.rdb
		r.n++
		return c.Close()
	})
}
