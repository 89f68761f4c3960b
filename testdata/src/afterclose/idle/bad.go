// Package idle defers functions that return what should be deferred.
package idle

import (
	"context"

	"afterclose/makers"

	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func connect() func() {
	rdb := redis.NewClient(&redis.Options{})
	return func() { rdb.Close() }
}

func connectAs(name string) func() error {
	rdb := redis.NewClient(&redis.Options{})
	return rdb.Close
}

func open() (*redis.Client, func()) {
	rdb := redis.NewClient(&redis.Options{})
	return rdb, func() { rdb.Close() }
}

func dropped() {
	defer connect() // want `this defer opens the client when the function returns and drops its cleanup function; (write defer \S+\(\)\(\)|add \(\) to defer that function)`
	work()
}

func droppedMethodValue() {
	defer connectAs("a") // want `drops its cleanup function`
	work()
}

func droppedElsewhere() {
	defer makers.Connect() // want `drops its cleanup function`
	work()
}

func droppedPair() {
	defer open() // want `drops its cleanup function`
	work()
}

func work() {}
