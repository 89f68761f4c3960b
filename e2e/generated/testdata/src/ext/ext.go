// Package ext is the rest of the world of a generated program: decisions
// nobody can foresee, and places where resources live on.
package ext

import (
	"context"
	"errors"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

// D is what a program cannot know.
type D interface {
	B() bool         // a condition
	N() int          // a number
	Err() error      // work that may fail
	More() bool      // the condition of a loop
	Take(v any)      // takes over v
	OnExit(f func()) // calls f some time
}

// Sink outlives every function that is given one.
type Sink struct {
	Client  *redis.Client
	PubSub  *redis.PubSub
	Conn    redigo.Conn
	Rueidis rueidis.Client
	Any     any
	Clients []*redis.Client
	Ch      chan *redis.Client
}

// ErrFailed is an error like any other.
var ErrFailed = errors.New("failed")

var kept []any

// Keep keeps v for ever.
func Keep(v any) {
	kept = append(kept, v)
}

// Ping uses a client.
func Ping(ctx context.Context, c *redis.Client) error {
	return c.Ping(ctx).Err()
}
