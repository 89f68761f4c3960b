// Package opts makes options for others.
//
//rules timeout reconnect
package opts

import (
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Good makes options that both rules are content with.
func Good(addr string) *redis.Options {
	return &redis.Options{
		Addr: addr, DialTimeout: 5 * time.Second, DialerRetries: 1, ReadTimeout: 5 * time.Second,
		MaxRetries:               -1,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
}

// Patient waits for ever.
func Patient(opt *redis.Options) { opt.ReadTimeout = -1 }

// Open opens a client with options of the caller's.
func Open(opt *redis.Options) *redis.Client { return redis.NewClient(opt) }
