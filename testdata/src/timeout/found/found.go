// Package found shows timeouts that are missing, off or long.
package found

import (
	"context"
	"time"

	"github.com/gomodule/redigo/redis"
	"github.com/mediocregopher/radix/v4"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"timeout/opts"
)

// The defaults, with dials that are tried again and again.
func defaults(addr string) *goredis.Client {
	return goredis.NewClient(&goredis.Options{Addr: addr}) // want `dialing may take 25s: DialTimeout is 5s and DialerRetries is 5; set DialerRetries: 1`
}

// Timeouts that are off.
func off(addr string) *goredis.Client {
	return goredis.NewClient(&goredis.Options{ // want `goredis.Options sets ReadTimeout to -1 \(no timeout\) and WriteTimeout to -2 \(no timeout\); `
		Addr:          addr,
		DialerRetries: 1,
		ReadTimeout:   -1,
		WriteTimeout:  -2,
	})
}

// Long ones, as constants that are computed.
const minute = 60 * time.Second

func long(addr string) *goredis.Client {
	return goredis.NewClient(&goredis.Options{ // want `sets DialTimeout to 1m0s, PoolTimeout to 2m0s and ReadTimeout to 10s; `
		Addr: addr, DialerRetries: 1, DialTimeout: minute, PoolTimeout: 2 * minute, ReadTimeout: time.Duration(10) * time.Second,
	})
}

// Built in steps.
func steps(addr string) *goredis.Client {
	opt := &goredis.Options{Addr: addr} // want `sets ReadTimeout to -1 \(no timeout\)`
	opt.DialerRetries = 1
	opt.ReadTimeout = -1
	return goredis.NewClient(opt)
}

// Set on one path only.
func sometimes(addr string, wait bool) *goredis.Client {
	opt := goredis.Options{Addr: addr, DialerRetries: 1} // want `sets ReadTimeout to -1 \(no timeout\)`
	if wait {
		opt.ReadTimeout = -1
	}
	return goredis.NewClient(&opt)
}

// A copy that is changed.
func changedCopy(addr string) *goredis.Client {
	base := goredis.Options{Addr: addr, DialerRetries: 1}
	other := base
	other.ReadTimeout = -1
	return goredis.NewClient(&other) // want `goredis.Options sets ReadTimeout to -1 \(no timeout\)`
}

// Made by a helper here.
func made(addr string) *goredis.Options {
	return &goredis.Options{Addr: addr, DialerRetries: 1, WriteTimeout: time.Minute} // want `sets WriteTimeout to 1m0s`
}

func helper(addr string) *goredis.Client { return goredis.NewClient(made(addr)) }

// The parameter of a helper, which all its callers are known to give.
func dial(addr string, read time.Duration) *goredis.Client {
	return goredis.NewClient(&goredis.Options{Addr: addr, DialerRetries: 1, ReadTimeout: read}) // want `sets ReadTimeout to 30s`
}

func callers(addr string) (a, b *goredis.Client) {
	return dial(addr, time.Second), dial(addr, 30*time.Second)
}

// Made by another package.
func elsewhere(addr string) *goredis.Client {
	return goredis.NewClient(opts.Endless(addr)) // want `goredis.NewClient sets ReadTimeout to -1 \(no timeout\)`
}

func given(addr string) *goredis.Client {
	return goredis.NewClient(opts.With(addr, minute)) // want `goredis.NewClient sets ReadTimeout to 1m0s`
}

// Changed by another package.
func changed(addr string) *goredis.Client {
	opt := &goredis.Options{Addr: addr, DialerRetries: 1} // want `sets ReadTimeout to -1 \(no timeout\)`
	opts.Wait(opt)
	return goredis.NewClient(opt)
}

// Opened by another package.
func opened(addr string) *goredis.Client {
	return opts.Open(&goredis.Options{Addr: addr, DialerRetries: 1, ReadTimeout: -1}) // want `sets ReadTimeout to -1 \(no timeout\)`
}

// Kept in a variable that nobody else writes to.
var shared = &goredis.Options{Addr: "localhost:6379", DialerRetries: 1, ReadTimeout: time.Hour} // want `sets ReadTimeout to 1h0m0s`

func fromVariable() *goredis.Client { return goredis.NewClient(shared) }

// A URL that is a constant.
func fromURL() *goredis.Client {
	opt, err := goredis.ParseURL("redis://localhost:6379/0?read_timeout=0&dial_timeout=30")
	if err != nil {
		return nil
	}
	opt.DialerRetries = 1
	return goredis.NewClient(opt) // want `goredis.Options sets DialTimeout to 30s and ReadTimeout to -1 \(no timeout\)`
}

// A captured variable.
func captured(addr string) func() *goredis.Client {
	opt := &goredis.Options{Addr: addr, DialerRetries: 1} // want `sets ReadTimeout to -1 \(no timeout\)`
	opt.ReadTimeout = -1
	return func() *goredis.Client { return goredis.NewClient(opt) }
}

// A deadline that the client does not see.
func deadline(addr string) error {
	rdb := goredis.NewClient(&goredis.Options{Addr: addr, DialerRetries: 1}) // want `goredis.Options ignores the deadline of 1s at line 129; set ContextTimeoutEnabled: true`
	defer rdb.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return rdb.Ping(ctx).Err()
}

// A client in a field, and a deadline shorter than the read timeout.
type cache struct{ rdb *goredis.Client }

func newCache(addr string) *cache {
	return &cache{rdb: goredis.NewClient(&goredis.Options{Addr: addr, DialerRetries: 1})} // want `ignores the deadline of 200ms at line 142`
}

func (c *cache) get(ctx context.Context, key string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	return c.rdb.Get(ctx, key).Result()
}

// A dial has no timeouts of its own.
func plainDial(addr string) (redis.Conn, error) {
	return redis.Dial("tcp", addr) // want `redis.Dial sets no dial, read or write timeout; add DialConnectTimeout, DialReadTimeout and DialWriteTimeout of at most 5s`
}

func pool(addr string) *redis.Pool {
	return &redis.Pool{
		Dial: func() (redis.Conn, error) {
			return redis.Dial("tcp", addr, redis.DialConnectTimeout(time.Second), redis.DialReadTimeout(0)) // want `redis.Dial has no write timeout and sets DialReadTimeout to 0 \(no timeout\)`
		},
	}
}

// Options in a slice.
func dialOptions(addr, password string) (redis.Conn, error) {
	options := []redis.DialOption{redis.DialConnectTimeout(time.Second)}
	if password != "" {
		options = append(options, redis.DialPassword(password))
	}
	return redis.Dial("tcp", addr, options...) // want `redis.Dial sets no read or write timeout`
}

func dialElsewhere(addr string) (redis.Conn, error) {
	return opts.Dial(addr, redis.DialReadTimeout(time.Minute)) // want `opts.Dial has no write timeout and sets DialReadTimeout to 1m0s`
}

func parameters(addr string) (redis.Conn, error) {
	return redis.DialTimeout("tcp", addr, time.Second, 0, minute) // want `redis.DialTimeout sets the read timeout to 0 \(no timeout\) and the write timeout to 1m0s`
}

// A default above the limit.
func slow(addr string) (rueidis.Client, error) {
	return rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}}) // want `rueidis.ClientOption leaves ConnWriteTimeout at 10s`
}

// A field of a field, behind an interface.
func nested(ctx context.Context, addr string) (radix.Client, error) {
	return radix.PoolConfig{Size: 2}.New(ctx, "tcp", addr) // want `radix.PoolConfig sets no dial timeout; set Dialer.NetDialer.Timeout`
}
