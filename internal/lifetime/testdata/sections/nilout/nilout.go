// Package nilout holds docs/engine.md, Nil outcomes against "kept".
package nilout

import (
	"os"

	"github.com/redis/go-redis/v9"
)

// It never returns: no outcome.
func Die(c *redis.Client) { // engine: never returns
	os.Exit(1)
}

// It returns, and nothing happened: kept.
func Look(c *redis.Client) {}

func Dies(bad bool) {
	rdb := redis.NewClient(nil) // engine: released
	if bad {
		Die(rdb)
	}
	rdb.Close()
}

func Looks() {
	rdb := redis.NewClient(nil) // engine: leaks +2
	Look(rdb)
}

// It returns only if the resource is nobody's business.
func DieIf(c *redis.Client, bad bool) { // engine: param 0 released surely
	if bad {
		os.Exit(1)
	}
	c.Close()
}
