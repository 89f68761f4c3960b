// Package scopes holds docs/engine.md, Scope helpers.
package scopes

import "github.com/redis/go-redis/v9"

// It releases: the callback borrows.
func With(f func(*redis.Client) error) error { // engine: param 0() called
	rdb := redis.NewClient(nil) // engine: released
	defer rdb.Close()
	return f(rdb)
}

// It releases on success only.
func OnSuccess(f func(*redis.Client) error) error { // engine: param 0() called or called (result 0 is notnil)
	rdb := redis.NewClient(nil) // engine: leaks +2
	if err := f(rdb); err != nil {
		return err
	}
	return rdb.Close()
}

// It releases on error only.
func OnError(f func(*redis.Client) error) error { // engine: param 0() called (result 0 is nil) or called (result 0 is notnil)
	rdb := redis.NewClient(nil) // engine: leaks +5
	if err := f(rdb); err != nil {
		rdb.Close()
		return err
	}
	return nil
}

// It never does.
func Never(f func(*redis.Client) error) error { // engine: param 0() called
	rdb := redis.NewClient(nil) // engine: leaks +1
	return f(rdb)
}

// A callback without a result may take note of a closer.
func Notes(f func(*redis.Client)) { // engine: param 0() called
	rdb := redis.NewClient(nil) // engine: moved: passed to an interface method or a function value
	f(rdb)
}

// One with a bool consumes an iterator's values.
func Yields(yield func(*redis.Client) bool) { // engine: param 0() called
	rdb := redis.NewClient(nil) // engine: moved: passed to an interface method or a function value
	yield(rdb)
}

// A caller whose callback keeps it owns it.
func kept(f func(*redis.Client) error) error {
	rdb := redis.NewClient(nil) // engine: moved: passed to an interface method or a function value
	return f(rdb)
}

var shared *redis.Client

func Keeps() error {
	return kept(func(c *redis.Client) error {
		shared = c
		return nil
	})
}

// What a helper passes on is for its callers to judge: they know the callback.
func Lends(rdb *redis.Client, f func(*redis.Client) error) error { // engine: param 0 kept lent to param 1; param 1() called
	return f(rdb)
}

func LendsDeep(f func(*redis.Client) error, rdb *redis.Client) error { // engine: param 0() called; param 1 kept lent to param 0
	return Lends(rdb, f)
}

func Borrowed() error {
	rdb := redis.NewClient(nil) // engine: leaks +1
	return LendsDeep(func(c *redis.Client) error { return nil }, rdb)
}

func Closed() error {
	rdb := redis.NewClient(nil) // engine: released, undeferred +1
	return LendsDeep((*redis.Client).Close, rdb)
}
