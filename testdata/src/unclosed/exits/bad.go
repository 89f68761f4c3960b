// Package exits shows calls that do not return, and some that only look so.
package exits

import (
	"context"
	"errors"
	"log"

	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

// logError only looks like the end of the program.
func logError(err error) { log.Println("fatal:", err) }

// dieIf returns when there is no error.
func dieIf(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// Printing is not the end.
func printsAndReturns(opt *redis.Options) {
	rdb := redis.NewClient(opt) // want `rdb is not closed on all paths`
	if err := rdb.Ping(ctx).Err(); err != nil {
		logError(err)
		return
	}
	rdb.Close()
}

// A call that ends the program only sometimes.
func endsSometimes(opt *redis.Options) {
	rdb := redis.NewClient(opt) // want `rdb is never closed`
	dieIf(rdb.Ping(ctx).Err())
}

// The other path does not end in a panic.
func panicOnOnePath(opt *redis.Options, n int) error {
	rdb := redis.NewClient(opt) // want `rdb is not closed on all paths`
	if n < 0 {
		panic("negative")
	}
	if n == 0 {
		return errors.New("zero")
	}
	return rdb.Close()
}
