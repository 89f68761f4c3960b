// Package lazy is about objects that open at a call of a method, keep what they
// opened, and return it, or themselves.
package lazy

import (
	"context"
	"errors"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

// A session dials when it is first used.
type session struct {
	addr string
	conn redigo.Conn
}

func newSession(addr string) *session { return &session{addr: addr} }

func (s *session) connection() (redigo.Conn, error) {
	if s.conn != nil {
		return s.conn, nil
	}
	conn, err := redigo.Dial("tcp", s.addr)
	if err != nil {
		return nil, err
	}
	s.conn = conn
	return conn, nil
}

// Close ends it, whether it dialed or not.
func (s *session) Close() error {
	conn := s.conn
	s.conn = nil
	if conn == nil {
		return nil
	}
	return conn.Close()
}

// Dropped after its first use.
func dropped() error {
	s := newSession("cache:6379")
	conn, err := s.connection() // want `s is never closed`
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

// The same of a literal.
func droppedLiteral() error {
	s := session{addr: "cache:6379"}
	conn, err := s.connection() // want `s is never closed`
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

// A builder returns itself from each step.
type builder struct {
	rdb  *redis.Client
	name string
	err  error
}

func build() *builder { return new(builder) }

func (b *builder) named(name string) *builder {
	b.name = name
	return b
}

func (b *builder) connect(addr string) *builder {
	b.rdb = redis.NewClient(&redis.Options{Addr: addr})
	return b
}

func (b *builder) checked() *builder {
	b.err = b.rdb.Ping(ctx).Err()
	return b
}

type product struct {
	rdb  *redis.Client
	name string
}

func (p *product) Close() error { return p.rdb.Close() }

func (b *builder) done() (*product, error) {
	if b.name == "" {
		b.rdb.Close()
		return nil, errors.New("no name")
	}
	return &product{rdb: b.rdb, name: b.name}, nil
}

// The product is dropped.
func noClose() error {
	p, err := build().named("a").connect("cache:6379").done() // want `is (never released|not released on all paths)`
	if err != nil {
		return err
	}
	return p.rdb.Ping(ctx).Err()
}

// Forgotten for an error of one's own, step by step.
func noCloseOnError(work func() error) error {
	b := build().named("a")
	b.connect("cache:6379") // want `b is not released on all paths`
	b.checked()
	if err := work(); err != nil {
		return err
	}
	p, err := b.done()
	if err != nil {
		return err
	}
	return p.Close()
}

// A service with two steps to set it up.
type service struct{ rdb *redis.Client }

func newService() *service { return &service{} }

func (s *service) client() *redis.Client {
	if s.rdb == nil {
		s.rdb = redis.NewClient(opts())
	}
	return s.rdb
}

func (s *service) Shutdown() {
	if s.rdb != nil {
		s.rdb.Close()
		s.rdb = nil
	}
}

func useService() string {
	s := newService()
	return s.client().Get(ctx, "k").Val() // want `s is never (shut down|closed|released)`
}
