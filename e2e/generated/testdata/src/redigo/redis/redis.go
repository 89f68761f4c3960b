// Package redis is a stub of github.com/gomodule/redigo/redis that records
// what is open.
package redis

import (
	"context"

	"redislint.test/recorder"
)

type Conn interface {
	Close() error
	Err() error
	Do(commandName string, args ...any) (reply any, err error)
	Send(commandName string, args ...any) error
	Flush() error
	Receive() (reply any, err error)
}

type DialOption struct{}

type conn struct{ handle *recorder.Handle }

func (c *conn) Close() error {
	recorder.Close(c.handle)
	return nil
}

func (c *conn) Err() error { return recorder.Fail() }

func (c *conn) Do(commandName string, args ...any) (reply any, err error) {
	return nil, recorder.Fail()
}

func (c *conn) Send(commandName string, args ...any) error { return recorder.Fail() }

func (c *conn) Flush() error { return recorder.Fail() }

func (c *conn) Receive() (reply any, err error) { return nil, recorder.Fail() }

func Dial(network, address string, options ...DialOption) (Conn, error) {
	if err := recorder.Fail(); err != nil {
		return nil, err
	}
	return &conn{recorder.Open()}, nil
}

func DialURL(rawurl string, options ...DialOption) (Conn, error) {
	if err := recorder.Fail(); err != nil {
		return nil, err
	}
	return &conn{recorder.Open()}, nil
}

type Pool struct {
	Dial      func() (Conn, error)
	MaxIdle   int
	MaxActive int

	handle *recorder.Handle
}

// Opened records that the literal p was evaluated.
func Opened(p *Pool) *Pool {
	p.handle = recorder.Open()
	return p
}

func (p *Pool) Get() Conn { return &conn{recorder.Open()} }

func (p *Pool) GetContext(ctx context.Context) (Conn, error) {
	if err := recorder.Fail(); err != nil {
		return &conn{}, err
	}
	return &conn{recorder.Open()}, nil
}

func (p *Pool) ActiveCount() int { return 0 }

func (p *Pool) Close() error {
	recorder.Close(p.handle)
	return nil
}

type PubSubConn struct{ Conn Conn }

func (c PubSubConn) Close() error { return c.Conn.Close() }

func (c PubSubConn) Subscribe(channel ...any) error { return recorder.Fail() }

func (c PubSubConn) Ping(data string) error { return recorder.Fail() }
