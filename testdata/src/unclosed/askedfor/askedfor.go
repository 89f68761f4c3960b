// Package askedfor shows what is opened when somebody asks for it first.
package askedfor

import (
	"context"
	"sync"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"

	"unclosed/askedfor/lib"
)

var ctx = context.Background()

func open() *redis.Client { return redis.NewClient(&redis.Options{}) }

func dial() (redigo.Conn, error) { return redigo.Dial("tcp", "") }

// The func is dropped, and the client with it.
func once() error {
	get := sync.OnceValue(open) // want `what get makes is never closed`
	return get().Ping(ctx).Err()
}

// With an error.
func onceErr() error {
	get := sync.OnceValues(dial) // want `what get makes is never closed`
	conn, err := get()
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

// In a literal that is called here.
func onceInside() error {
	get := sync.OnceValue(open) // want `what get makes is never closed`
	ping := func() error { return get().Ping(ctx).Err() }
	return ping()
}

// By an object.
func object() error {
	l := lib.New(dial) // want `what l makes is never closed`
	conn, err := l.Value()
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

func ping(c *redis.Client) error { return c.Ping(ctx).Err() }

// What was got is passed to a function that only uses it.
func passed() error {
	get := sync.OnceValue(open) // want `what get makes is never closed`
	return ping(get())
}

// Closed by the func.
func onceClosed() error {
	get := sync.OnceValue(open)
	defer func() { get().Close() }()
	return get().Ping(ctx).Err()
}

// Closed by the variable.
func onceErrClosed() error {
	get := sync.OnceValues(dial)
	conn, err := get()
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Do("PING")
	return err
}

// Closed by a callback.
func objectClosed() error {
	return lib.New(dial).Do(func(c redigo.Conn) error { return c.Close() })
}

// Closed by a function.
func passedClosed() {
	get := sync.OnceValue(open)
	shut(get())
}

func shut(c *redis.Client) { c.Close() }

// The func is the caller's.
func returned() func() *redis.Client {
	get := sync.OnceValue(open)
	get().Ping(ctx)
	return get
}

type service struct{ get func() *redis.Client }

// It is kept.
func kept(s *service) {
	s.get = sync.OnceValue(open)
}

// It is in a closure that is returned.
func captured() func() error {
	get := sync.OnceValue(open)
	return func() error { return get().Ping(ctx).Err() }
}

// A goroutine has it.
func background() {
	get := sync.OnceValue(open)
	go func() { get().Close() }()
}

// A table may have it, too.
func shared(table map[string]any) error {
	get := lib.Shared(table, open)
	return get().Ping(ctx).Err()
}

// Nobody asks for it: nothing is opened.
func unasked() {
	_ = sync.OnceValue(open)
}

var client = sync.OnceValue(open)

// It lives as long as the process.
func global() error { return client().Ping(ctx).Err() }
