// Package crosspkg knows helpers and mid by their facts.
package crosspkg

import (
	"context"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
	"unclosed/helpers"
	"unclosed/mid"
)

var ctx = context.Background()

func opts() *goredis.Options { return &goredis.Options{Addr: "cache:6379"} }

// Used over there, closed nowhere.
func warmed() error {
	rdb := goredis.NewClient(opts()) // want `rdb is never closed`
	return helpers.Warm(ctx, rdb)
}

// The same by way of a third package.
func ready() bool {
	rdb := goredis.NewClient(opts()) // want `rdb is never closed`
	return mid.Ready(ctx, rdb)
}

// An interface value borrowed over there.
func touched() error {
	conn, err := redis.Dial("tcp", "cache:6379") // want `conn is never closed`
	if err != nil {
		return err
	}
	return helpers.Touch(conn)
}

// Closed over there, but only when it is slow.
func closedIfSlow() {
	rdb := goredis.NewClient(opts()) // want `rdb is (never|not) closed`
	helpers.CloseSlow(rdb)
}

// Closed over there, but after an early return over here.
func closedTooLate(n int) {
	rdb := goredis.NewClient(opts()) // want `rdb is not closed on all paths`
	if n == 0 {
		return
	}
	helpers.Close(rdb)
}

// A factory of another package.
func factory() error {
	rdb := helpers.Open() // want `rdb is never closed`
	return rdb.Ping(ctx).Err()
}

// A factory with an error.
func factoryChecked() error {
	rdb, err := helpers.OpenChecked(ctx) // want `rdb is never closed`
	if err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

// A factory two packages away.
func factoryFar() error {
	rdb, err := mid.Connect(ctx) // want `rdb is never closed`
	if err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

// The result of a factory is dropped.
func factoryDropped() error {
	return helpers.Open().Ping(ctx).Err() // want `is discarded and can never be closed`
}

// The cleanup function of another package is dropped.
func cleanupDropped() error {
	rdb, _ := helpers.OpenWithCleanup() // want `(is never closed|is never released|is discarded|is dropped|is never called)`
	return rdb.Ping(ctx).Err()
}

// A type that owns a client is a resource itself.
func store() (string, error) {
	s := helpers.NewStore("user:") // want `s is never (closed|shut down)`
	return s.Get(ctx, "name")
}

// A type that owns that type, two packages away from the client.
func session() (string, error) {
	s, err := mid.NewSession("anna") // want `s is never (closed|ended|released)`
	if err != nil {
		return "", err
	}
	return s.Read(ctx)
}

// A borrowing type closes nothing.
func view() int64 {
	rdb := goredis.NewClient(opts()) // want `rdb is never closed`
	return helpers.NewView(rdb).Len(ctx)
}

// The owner of the client is dropped.
func wrapped() (string, error) {
	rdb := goredis.NewClient(opts()) // want `rdb is never closed`
	return helpers.WrapStore(rdb).Get(ctx, "name")
}
