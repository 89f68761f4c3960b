// Package nilout holds docs/engine.md, Nil outcomes against "kept".
package nilout

import (
	"os"

	redigo "github.com/gomodule/redigo/redis"
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

// It returns only if its error is nil.
func Insist(err error) { // engine: insists on param 0; param 0 never returns
	if err != nil {
		panic(err)
	}
}

// So does what calls it.
func InsistDeep(what string, err error) { // engine: insists on param 1; param 1 never returns
	println(what)
	Insist(err)
}

// Behind it there is no error.
func Insists() {
	conn, err := redigo.Dial("tcp", "") // engine: released, undeferred +3
	InsistDeep("dial", err)
	if err == nil {
		conn.Close()
	}
}
