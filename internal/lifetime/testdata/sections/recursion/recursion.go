// Package recursion holds docs/engine.md, Recursion.
package recursion

import "github.com/redis/go-redis/v9"

// The other path decides.
func CloseAfter(c *redis.Client, n int) { // engine: param 0 released surely
	if n == 0 {
		c.Close()
		return
	}
	CloseAfter(c, n-1)
}

func UseCloseAfter() {
	rdb := redis.NewClient(nil) // engine: released
	CloseAfter(rdb, 3)
}

// The other path keeps it.
func Count(c *redis.Client, n int) int { // engine: param 0 kept or kept (result 0 is notnil)
	if n == 0 {
		return 0
	}
	return 1 + Count(c, n-1)
}

func UseCount() {
	rdb := redis.NewClient(nil) // engine: leaks +2
	Count(rdb, 3)
}

// Around a circle of two nothing is said; a path that leaves it is followed.
func even(c *redis.Client, n int) {
	if n > 0 {
		odd(c, n-1)
	}
}

func odd(c *redis.Client, n int) {
	if n > 0 {
		even(c, n-1)
	}
}

func Circle() {
	rdb := redis.NewClient(nil) // engine: leaks +2, moved: passed between functions that call each other
	even(rdb, 3)
}

// A function that opens by calling itself opens what its other path opens; what
// the inner call returned may be somebody else's.
func Retry(n int) *redis.Client { // engine: opens result 0 or lends it
	if n > 0 {
		return Retry(n - 1) // engine: moved: may belong to somebody else
	}
	return redis.NewClient(nil) // engine: left to the caller
}

// Every path calls itself: it never returns.
func Forever(c *redis.Client) { Forever(c) } // engine: never returns
