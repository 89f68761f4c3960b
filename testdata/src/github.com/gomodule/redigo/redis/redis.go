// Package redis is a stub of redigo: the signatures the tests need, and no
// bodies worth reading.
package redis

import (
	"context"
	"crypto/tls"
	"errors"
	"log"
	"net"
	"time"
)

// ErrNil is the reply of a missing key.
var ErrNil = errors.New("redigo: nil returned")

// ErrPoolExhausted is returned by a full pool.
var ErrPoolExhausted = errors.New("redigo: connection pool exhausted")

// Conn is one connection.
type Conn interface {
	Close() error
	Err() error
	Do(commandName string, args ...interface{}) (reply interface{}, err error)
	Send(commandName string, args ...interface{}) error
	Flush() error
	Receive() (reply interface{}, err error)
}

// ConnWithTimeout is a Conn with timeouts.
type ConnWithTimeout interface {
	Conn
	DoWithTimeout(timeout time.Duration, commandName string, args ...interface{}) (reply interface{}, err error)
	ReceiveWithTimeout(timeout time.Duration) (reply interface{}, err error)
}

// ConnWithContext is a Conn with contexts.
type ConnWithContext interface {
	Conn
	DoContext(ctx context.Context, commandName string, args ...interface{}) (reply interface{}, err error)
	ReceiveContext(ctx context.Context) (reply interface{}, err error)
}

type conn struct{}

func (c *conn) Close() error                                            { return nil }
func (c *conn) Err() error                                              { return nil }
func (c *conn) Do(cmd string, args ...interface{}) (interface{}, error) { return nil, nil }
func (c *conn) Send(cmd string, args ...interface{}) error              { return nil }
func (c *conn) Flush() error                                            { return nil }
func (c *conn) Receive() (interface{}, error)                           { return nil, nil }

// DialOption configures a dial.
type DialOption struct{ f func() }

func DialReadTimeout(d time.Duration) DialOption    { return DialOption{} }
func DialWriteTimeout(d time.Duration) DialOption   { return DialOption{} }
func DialConnectTimeout(d time.Duration) DialOption { return DialOption{} }
func DialPassword(password string) DialOption       { return DialOption{} }
func DialDatabase(db int) DialOption                { return DialOption{} }
func DialUseTLS(useTLS bool) DialOption             { return DialOption{} }
func DialTLSConfig(c *tls.Config) DialOption        { return DialOption{} }

// Dial opens a connection.
func Dial(network, address string, options ...DialOption) (Conn, error) { return &conn{}, nil }

// DialContext opens a connection.
func DialContext(ctx context.Context, network, address string, options ...DialOption) (Conn, error) {
	return &conn{}, nil
}

// DialTimeout opens a connection.
func DialTimeout(network, address string, connectTimeout, readTimeout, writeTimeout time.Duration) (Conn, error) {
	return &conn{}, nil
}

// DialURL opens a connection.
func DialURL(rawurl string, options ...DialOption) (Conn, error) { return &conn{}, nil }

// DialURLContext opens a connection.
func DialURLContext(ctx context.Context, rawurl string, options ...DialOption) (Conn, error) {
	return &conn{}, nil
}

// NewConn wraps a network connection.
func NewConn(netConn net.Conn, readTimeout, writeTimeout time.Duration) Conn { return &conn{} }

// NewLoggingConn returns a connection that logs and closes conn.
func NewLoggingConn(conn Conn, logger *log.Logger, prefix string) Conn { return conn }

// NewLoggingConnFilter returns a connection that logs and closes conn.
func NewLoggingConnFilter(conn Conn, logger *log.Logger, prefix string, skip func(cmdName string) bool) Conn {
	return conn
}

// Pool holds connections.
type Pool struct {
	Dial            func() (Conn, error)
	DialContext     func(ctx context.Context) (Conn, error)
	TestOnBorrow    func(c Conn, t time.Time) error
	MaxIdle         int
	MaxActive       int
	IdleTimeout     time.Duration
	Wait            bool
	MaxConnLifetime time.Duration
}

// PoolStats counts connections.
type PoolStats struct{ ActiveCount, IdleCount int }

// NewPool makes a pool.
func NewPool(newFn func() (Conn, error), maxIdle int) *Pool { return &Pool{Dial: newFn} }

func (p *Pool) Get() Conn                                    { return &conn{} }
func (p *Pool) GetContext(ctx context.Context) (Conn, error) { return &conn{}, nil }
func (p *Pool) Stats() PoolStats                             { return PoolStats{} }
func (p *Pool) ActiveCount() int                             { return 0 }
func (p *Pool) IdleCount() int                               { return 0 }
func (p *Pool) Close() error                                 { return nil }

// PubSubConn is a subscription on a connection.
type PubSubConn struct{ Conn Conn }

// Message is a published message.
type Message struct {
	Channel string
	Data    []byte
}

func (c PubSubConn) Close() error                                         { return c.Conn.Close() }
func (c PubSubConn) Subscribe(channel ...interface{}) error               { return nil }
func (c PubSubConn) PSubscribe(channel ...interface{}) error              { return nil }
func (c PubSubConn) Unsubscribe(channel ...interface{}) error             { return nil }
func (c PubSubConn) Ping(data string) error                               { return nil }
func (c PubSubConn) Receive() interface{}                                 { return nil }
func (c PubSubConn) ReceiveContext(ctx context.Context) interface{}       { return nil }
func (c PubSubConn) ReceiveWithTimeout(timeout time.Duration) interface{} { return nil }

// Script is a Lua script.
type Script struct{ src string }

// NewScript makes a script.
func NewScript(keyCount int, src string) *Script { return &Script{src} }

func (s *Script) Do(c Conn, keysAndArgs ...interface{}) (interface{}, error) { return nil, nil }
func (s *Script) Load(c Conn) error                                          { return nil }

func DoWithTimeout(c Conn, timeout time.Duration, cmd string, args ...interface{}) (interface{}, error) {
	return nil, nil
}
func DoContext(c Conn, ctx context.Context, cmd string, args ...interface{}) (interface{}, error) {
	return nil, nil
}

func Int(reply interface{}, err error) (int, error)                     { return 0, err }
func Int64(reply interface{}, err error) (int64, error)                 { return 0, err }
func String(reply interface{}, err error) (string, error)               { return "", err }
func Bytes(reply interface{}, err error) ([]byte, error)                { return nil, err }
func Bool(reply interface{}, err error) (bool, error)                   { return false, err }
func Strings(reply interface{}, err error) ([]string, error)            { return nil, err }
func Values(reply interface{}, err error) ([]interface{}, error)        { return nil, err }
func StringMap(reply interface{}, err error) (map[string]string, error) { return nil, err }
