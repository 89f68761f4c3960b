// Package service is asked in the profile of that name, for the trap alone.
package service

import (
	v6 "github.com/go-redis/redis"
	"github.com/redis/go-redis/v9"
)

// A process that lives long may retry.
func retries(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: addr, MaxRetries: 5, MinIdleConns: 2})
}

// Nothing is sent.
func trapped(addr string) *v6.Client {
	return v6.NewClient(&v6.Options{Addr: addr, MaxRetries: -1}) // want `with which this version sends no command`
}

// Set on one path only, it is a trap on that one.
func trappedSometimes(addr string, once bool) *v6.Client {
	opt := &v6.Options{Addr: addr} // want `sets MaxRetries: -1`
	if once {
		opt.MaxRetries = -1
	}
	return v6.NewClient(opt)
}
