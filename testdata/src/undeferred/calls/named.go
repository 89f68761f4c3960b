package calls

import "github.com/redis/go-redis/v9"

type keeper struct{ c *redis.Client }

func (o *keeper) Close() error { return o.c.Close() }

// The call to defer is the owner's.
func byOwner(fn func()) {
	c := redis.NewClient(&redis.Options{})
	o := &keeper{c}
	fn()
	o.Close() // want `o.Close at line 14 is not deferred: a panic before it leaks the connection; use defer o.Close\(\)`
}

func quit(c *redis.Client, grace int) { c.Close() }

// The call to defer is a function's.
func byFunction(fn func()) {
	c := redis.NewClient(&redis.Options{})
	fn()
	quit(c, 3) // want `quit at line 23 is not deferred: a panic before it leaks the connection; use defer quit\(c, 3\)`
}
