// Package goroutines holds docs/engine.md, Soundness.
package goroutines

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// What a goroutine does counts, and not when.
func Releases() {
	rdb := redis.NewClient(nil) // engine: released
	go func() {
		defer rdb.Close()
		rdb.Ping(context.Background())
	}()
}

// It only uses it.
func Uses() {
	rdb := redis.NewClient(nil) // engine: leaks +2
	go func() { rdb.Ping(context.Background()) }()
}

// One that never ends owns it.
func Serves() {
	rdb := redis.NewClient(nil) // engine: moved: used by a goroutine that never returns
	go func() {
		for {
			rdb.Ping(context.Background())
		}
	}()
}

func broken(err error) bool { return err != nil }

// A function of the program is asked about the error: perhaps nothing was opened.
func Doubt() {
	c, err := redigo.Dial("tcp", "") // engine: moved: possibly not opened: a function checks the error
	if broken(err) {
		return
	}
	c.Close()
}
