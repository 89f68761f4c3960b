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
	defer connect() // want `the deferred call runs redis.NewClient only at the end and drops the func that releases it, add \(\) to defer that func`
	work()
}

func droppedMethodValue() {
	defer connectAs("a") // want `drops the func that releases it`
	work()
}

func droppedElsewhere() {
	defer makers.Connect() // want `drops the func that releases it`
	work()
}

func droppedPair() {
	defer open() // want `drops the func that releases it`
	work()
}

func work() {}
