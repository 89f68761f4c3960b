// Command program opens for its own use what a type keeps that closes nothing.
package main

import (
	"context"
	"os"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

var ctx = context.Background()

// A deferred call would never run: main ends by a helper that exits.
type counter struct{ rdb *goredis.Client }

func newCounter() *counter {
	return &counter{rdb: goredis.NewClient(&goredis.Options{})} // want `and nothing \w+ it there`
}

func main() {
	c := newCounter()
	if ping() != nil {
		done(1)
	}
	if c.rdb.Incr(ctx, "visits").Err() != nil {
		done(1)
	}
	done(0)
}

func done(code int) {
	os.Exit(code)
}

// The helper never returns, so that the error has been checked.
func ping() error {
	conn, err := redis.Dial("tcp", "cache:6379") // want `conn is never closed`
	if err != nil {
		done(1)
	}
	_, err = conn.Do("PING")
	return err
}
