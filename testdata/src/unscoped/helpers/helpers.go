// Package helpers has functions with a callback, for those who import it. Which
// of them is named at a command says what is known of them by facts.
package helpers

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
)

// A Pool knows where connections are.
type Pool struct{ pool *redigo.Pool }

// Step counts what it lends connections for: a step of a task.
func (p *Pool) Step(fn func(redigo.Conn) error) error {
	conn := p.pool.Get()
	defer conn.Close()
	if _, err := conn.Do("INCR", "steps"); err != nil {
		return err
	}
	return fn(conn)
}

// With lends connections.
func (p *Pool) With(ctx context.Context, fn func(context.Context, redigo.Conn) error) error {
	conn, err := p.pool.GetContext(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return fn(ctx, conn)
}
