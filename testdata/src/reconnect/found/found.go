// Package found shows clients that try again by themselves.
package found

import (
	"context"
	"time"

	v6 "github.com/go-redis/redis"
	v8 "github.com/go-redis/redis/v8"
	"github.com/mediocregopher/radix/v4"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

// Zero means three.
func defaults(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: addr}) // want `redis.Options retries commands \(MaxRetries is 3\)`
}

func zero(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: addr, MaxRetries: 0}) // want `redis.Options retries commands \(MaxRetries is 3\)`
}

// More than that.
func many(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: addr, MaxRetries: 10}) // want `redis.Options retries commands \(MaxRetries is 10\)`
}

// Connections that are dialed before anybody needs them.
func idle(addr string) *redis.Client {
	opt := &redis.Options{Addr: addr, MaxRetries: -1} // want `redis.Options keeps idle connections \(MinIdleConns is 5\)`
	opt.MinIdleConns = 5
	return redis.NewClient(opt)
}

// Off on one path only.
func sometimes(addr string, once bool) *redis.Client {
	opt := redis.Options{Addr: addr} // want `retries commands \(MaxRetries is 3\)`
	if once {
		opt.MaxRetries = -1
	}
	return redis.NewClient(&opt)
}

func ring(addrs map[string]string) *redis.Ring {
	return redis.NewRing(&redis.RingOptions{Addrs: addrs}) // want `redis.RingOptions retries commands \(MaxRetries is 3\)`
}

// A cluster has none of its own.
func cluster(addrs []string) *redis.ClusterClient {
	return redis.NewClusterClient(&redis.ClusterOptions{Addrs: addrs, MaxRetries: 2}) // want `redis.ClusterOptions retries commands \(MaxRetries is 2\)`
}

// With one address it is no cluster.
func universal(addr string) redis.UniversalClient {
	return redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{addr}}) // want `redis.UniversalOptions retries commands \(MaxRetries is 3\)`
}

// What a helper makes, and what it is given.
func options(addr string, retries int) *redis.Options {
	return &redis.Options{Addr: addr, MaxRetries: retries}
}

func helper(addr string) *redis.Client {
	return redis.NewClient(options(addr, 5)) // want `redis.Options retries commands \(MaxRetries is 5\)`
}

// A URL with a zero still means three.
func fromURL() (*redis.Client, error) {
	opt, err := redis.ParseURL("redis://localhost:6379?max_retries=0")
	if err != nil {
		return nil, err
	}
	return redis.NewClient(opt), nil // want `redis.Options retries commands \(MaxRetries is 3\)`
}

func eight(addr string) *v8.Client {
	return v8.NewClient(&v8.Options{Addr: addr, ReadTimeout: time.Second}) // want `v8.Options retries commands \(MaxRetries is 3\)`
}

// The value that turns it off in later versions turns commands off in this one.
func six(addr string) *v6.Client {
	return v6.NewClient(&v6.Options{Addr: addr, MaxRetries: -1}) // want `v6.Options sets MaxRetries: -1, with which this version sends no command and returns no error`
}

func sixMany(addr string) *v6.Client {
	return v6.NewClient(&v6.Options{Addr: addr, MaxRetries: 2}) // want `v6.Options retries commands \(MaxRetries is 2\)`
}

func endless(addr string) (rueidis.Client, error) {
	return rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}}) // want `rueidis.ClientOption retries commands \(DisableRetry is false\)`
}

func pings(ctx context.Context, addr string) (radix.Client, error) {
	return radix.PoolConfig{}.New(ctx, "tcp", addr) // want `radix.PoolConfig refreshes in the background \(PingInterval is 5s/Size\)`
}
