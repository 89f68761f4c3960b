// Package defers shows deferred calls and deferred closures.
package defers

import (
	"context"
	"errors"
	"log"

	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

func work() error { return errors.New("work") }

// The deferred closure closes only when asked to.
func underCondition(tidy bool) error {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	defer func() {
		if tidy {
			rdb.Close()
		}
	}()
	return work()
}

// The deferred closure closes only after a panic.
func onlyOnPanic() error {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	defer func() {
		if r := recover(); r != nil {
			log.Println(r)
			rdb.Close()
		}
	}()
	return work()
}

// The deferred closure returns before it closes.
func returnsBefore(quiet bool) error {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	defer func() {
		if quiet {
			return
		}
		rdb.Close()
	}()
	return work()
}

// The deferred closure only logs.
func onlyLogs() error {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	defer func() { log.Println(rdb.PoolStats()) }()
	return work()
}

// The deferred closure belongs to another client.
func otherClient() error {
	a := redis.NewClient(opts())
	b := redis.NewClient(opts()) // want `b is never closed`
	defer func() {
		a.Close()
	}()
	return b.Ping(ctx).Err()
}

// A guard on err closes after failure only; success drops the client.
func closedOnErrorOnly() (err error) {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	defer func() {
		if err != nil {
			rdb.Close()
		}
	}()
	return work()
}

// The closure is deferred after a return.
func closureTooLate(n int) error {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	if n == 0 {
		return nil
	}
	defer func() { _ = rdb.Close() }()
	return work()
}

// defer binds the value of rdb, which is still nil here.
func boundTooEarly() error {
	var rdb *redis.Client
	defer helper(rdb)
	rdb = redis.NewClient(opts()) // want `rdb is never closed`
	return rdb.Ping(ctx).Err()
}

func helper(rdb *redis.Client) {
	if rdb != nil {
		rdb.Close()
	}
}

// The success flag is set, and the client goes nowhere.
func flagWithoutTransfer() error {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	ok := false
	defer func() {
		if !ok {
			rdb.Close()
		}
	}()
	if err := work(); err != nil {
		return err
	}
	ok = true
	return nil
}
