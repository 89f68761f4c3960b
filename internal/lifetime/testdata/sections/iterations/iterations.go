// Package iterations holds docs/engine.md, Iterations.
package iterations

import (
	"context"
	"iter"

	"github.com/redis/go-redis/v9"
)

// What an iteration opens is lost when the next one opens.
func Again(names []string) {
	for range names {
		rdb := redis.NewClient(nil) // engine: leaks +0 again, leaks +3
		rdb.Ping(context.Background())
	}
}

// Each iteration releases its own.
func Each(names []string) {
	for range names {
		rdb := redis.NewClient(nil) // engine: released
		rdb.Close()
	}
}

// Filled by one loop, released by another.
func TwoLoops(names []string) {
	var all []*redis.Client
	for range names {
		all = append(all, redis.NewClient(nil)) // engine: released
	}
	for _, c := range all {
		c.Close()
	}
}

// A literal over a map is deferred before the map is filled.
func DeferredOverMap(names []string) {
	all := map[string]*redis.Client{}
	defer func() {
		for _, c := range all {
			c.Close()
		}
	}()
	for _, n := range names {
		all[n] = redis.NewClient(nil) // engine: released
	}
}

// A defer in a range over a function belongs to the function around it.
func DeferInRangeOverFunc(names iter.Seq[string]) { // engine: param 0() called
	for range names {
		rdb := redis.NewClient(nil) // engine: released
		defer rdb.Close()
	}
}

// Without it, each iteration leaks.
func RangeOverFunc(names iter.Seq[string]) { // engine: param 0() called
	for range names {
		rdb := redis.NewClient(nil) // engine: leaks +0 again, leaks +3
		rdb.Ping(context.Background())
	}
}
