// Package closures shows function literals, method values and the functions of
// the package itself.
package closures

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

func work() error { return errors.New("work") }

// The closure that closes is never called.
func neverCalled() error {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	cleanup := func() { rdb.Close() }
	_ = cleanup
	return work()
}

// The method value is never called.
func methodValueUnused() error {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	done := rdb.Close
	_ = done
	return work()
}

// The closure is called on one path only.
func calledSometimes(tidy bool) error {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	cleanup := func() { rdb.Close() }
	if tidy {
		cleanup()
	}
	return work()
}

// The closure that runs uses and does not close.
func closureUses() error {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	ping := func() error { return rdb.Ping(ctx).Err() }
	return ping()
}

// A literal called on the spot opens into a captured variable.
func openedInside() error {
	var rdb *redis.Client
	func() {
		rdb = redis.NewClient(opts()) // want `rdb is never closed`
	}()
	return rdb.Ping(ctx).Err()
}

// use borrows.
func use(rdb *redis.Client) error { return rdb.Ping(ctx).Err() }

// useDeep borrows by way of use.
func useDeep(rdb *redis.Client) error { return errors.Join(work(), use(rdb)) }

// The function it is handed to only uses it.
func borrowed() error {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	return use(rdb)
}

// Two calls away it is only used as well.
func borrowedDeep() error {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	return useDeep(rdb)
}

// closeIf may close, or may not.
func closeIf(rdb *redis.Client, really bool) {
	if really {
		rdb.Close()
	}
}

// A helper that closes sometimes, told not to.
func maybeClosed(verbose bool) error {
	rdb := redis.NewClient(opts()) // want `rdb is (never|not) closed`
	closeIf(rdb, verbose)
	return work()
}

// drain goes down and never closes.
func drain(rdb *redis.Client, n int) {
	if n == 0 {
		return
	}
	rdb.Del(ctx, "k")
	drain(rdb, n-1)
}

// A recursive helper that only uses.
func recursiveBorrow() {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	drain(rdb, 3)
}

// open is a factory: the leak is its caller's.
func open() *redis.Client { return redis.NewClient(opts()) }

func openDeep() *redis.Client {
	rdb := open()
	rdb.Ping(ctx)
	return rdb
}

// The user of a factory forgets.
func factoryUser() error {
	rdb := open() // want `rdb is never closed`
	return rdb.Ping(ctx).Err()
}

// The user of a factory's factory forgets.
func factoryUserDeep() error {
	rdb := openDeep() // want `rdb is never closed`
	return rdb.Ping(ctx).Err()
}

// What a factory returns is dropped.
func factoryDropped() error {
	return open().Ping(ctx).Err() // want `is discarded and can never be closed`
}

// A factory in a local variable.
func factoryLiteral() error {
	connect := func() *redis.Client { return redis.NewClient(opts()) }
	rdb := connect() // want `rdb is never closed`
	return rdb.Ping(ctx).Err()
}

// openWithCleanup hands out the client and its end.
func openWithCleanup() (*redis.Client, func()) {
	rdb := redis.NewClient(opts())
	return rdb, func() { rdb.Close() }
}

// The cleanup function is dropped.
func cleanupDropped() error {
	rdb, _ := openWithCleanup() // want `(is never closed|is never released|is discarded|is dropped|is never called)`
	return rdb.Ping(ctx).Err()
}

// The cleanup function is called on one path only.
func cleanupSometimes(tidy bool) error {
	rdb, cleanup := openWithCleanup() // want `is not (closed|released|called) on all paths`
	if tidy {
		cleanup()
	}
	return rdb.Ping(ctx).Err()
}

// openChecked also reports an error.
func openChecked() (rdb *redis.Client, cleanup func() error, err error) {
	rdb = redis.NewClient(opts())
	if err := rdb.Ping(ctx).Err(); err != nil {
		rdb.Close()
		return nil, nil, err
	}
	return rdb, rdb.Close, nil
}

// The cleanup comes too late for the error in between.
func cleanupTooLate() error {
	_, cleanup, err := openChecked() // want `is not (closed|released|called) on all paths`
	if err != nil {
		return err
	}
	if err := work(); err != nil {
		return err
	}
	return cleanup()
}
