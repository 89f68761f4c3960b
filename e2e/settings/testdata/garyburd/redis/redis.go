// Package redis stands in for the last version of github.com/garyburd/redigo,
// which no module proxy has.
package redis

import "time"

type Conn interface {
	Close() error
	Err() error
	Do(commandName string, args ...interface{}) (reply interface{}, err error)
}

type Pool struct {
	Dial    func() (Conn, error)
	MaxIdle int
}

func (p *Pool) Get() Conn    { return nil }
func (p *Pool) Close() error { return nil }

type DialOption struct{ f func() }

func DialConnectTimeout(d time.Duration) DialOption { return DialOption{} }
func DialReadTimeout(d time.Duration) DialOption    { return DialOption{} }
func DialWriteTimeout(d time.Duration) DialOption   { return DialOption{} }
func DialDatabase(db int) DialOption                { return DialOption{} }

func Dial(network, address string, options ...DialOption) (Conn, error) { return nil, nil }
func DialURL(rawurl string, options ...DialOption) (Conn, error)        { return nil, nil }
func DialTimeout(network, address string, connectTimeout, readTimeout, writeTimeout time.Duration) (Conn, error) {
	return nil, nil
}
