// Package opts makes, changes and uses options for other packages.
package opts

import (
	"time"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// Endless makes options without a read timeout.
func Endless(addr string) *redis.Options {
	return &redis.Options{Addr: addr, DialerRetries: 1, ReadTimeout: -1}
}

// Bounded makes options with timeouts.
func Bounded(addr string) *redis.Options {
	return &redis.Options{Addr: addr, DialerRetries: 1, ReadTimeout: 3 * time.Second}
}

// With makes options with the timeout that it is given.
func With(addr string, read time.Duration) *redis.Options {
	return &redis.Options{Addr: addr, DialerRetries: 1, ReadTimeout: read}
}

// Wait lets reads wait for ever.
func Wait(opt *redis.Options) { opt.ReadTimeout = -1 }

// Tame sets what is missing.
func Tame(opt *redis.Options) {
	opt.DialerRetries = 1
	opt.ReadTimeout = time.Second
}

// Show only looks.
func Show(opt *redis.Options) string { return opt.Addr }

// Open opens a client with the options that it is given.
func Open(opt *redis.Options) *redis.Client { return redis.NewClient(opt) }

// OpenTame sets what is missing first.
func OpenTame(opt *redis.Options) *redis.Client {
	Tame(opt)
	return redis.NewClient(opt)
}

// Dial dials with the options that it is given.
func Dial(addr string, options ...redigo.DialOption) (redigo.Conn, error) {
	options = append(options, redigo.DialConnectTimeout(time.Second))
	return redigo.Dial("tcp", addr, options...)
}
