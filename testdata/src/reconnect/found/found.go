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
	return redis.NewClient(&redis.Options{Addr: addr}) // want `redis.Options leaves MaxRetries at 3 \(automatic retry\)`
}

func zero(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: addr, MaxRetries: 0}) // want `redis.Options leaves MaxRetries at 3`
}

// More than that.
func many(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: addr, MaxRetries: 10}) // want `redis.Options sets MaxRetries to 10`
}

// Connections that are dialed before anybody needs them.
func idle(addr string) *redis.Client {
	opt := &redis.Options{Addr: addr, MaxRetries: -1} // want `redis.Options sets MinIdleConns to 5 \(idle connections\)`
	opt.MinIdleConns = 5
	return redis.NewClient(opt)
}

// Off on one path only.
func sometimes(addr string, once bool) *redis.Client {
	opt := redis.Options{Addr: addr} // want `leaves MaxRetries at 3`
	if once {
		opt.MaxRetries = -1
	}
	return redis.NewClient(&opt)
}

func ring(addrs map[string]string) *redis.Ring {
	return redis.NewRing(&redis.RingOptions{Addrs: addrs}) // want `redis.RingOptions leaves MaxRetries at 3`
}

// A cluster has none of its own.
func cluster(addrs []string) *redis.ClusterClient {
	return redis.NewClusterClient(&redis.ClusterOptions{Addrs: addrs, MaxRetries: 2}) // want `redis.ClusterOptions sets MaxRetries to 2`
}

// With one address it is no cluster.
func universal(addr string) redis.UniversalClient {
	return redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{addr}}) // want `redis.UniversalOptions leaves MaxRetries at 3`
}

// What a helper makes, and what it is given.
func options(addr string, retries int) *redis.Options {
	return &redis.Options{Addr: addr, MaxRetries: retries}
}

func helper(addr string) *redis.Client {
	return redis.NewClient(options(addr, 5)) // want `redis.Options sets MaxRetries to 5`
}

// A URL with a zero still means three.
func fromURL() (*redis.Client, error) {
	opt, err := redis.ParseURL("redis://localhost:6379?max_retries=0")
	if err != nil {
		return nil, err
	}
	return redis.NewClient(opt), nil // want `redis.Options leaves MaxRetries at 3`
}

func eight(addr string) *v8.Client {
	return v8.NewClient(&v8.Options{Addr: addr, ReadTimeout: time.Second}) // want `v8.Options leaves MaxRetries at 3`
}

// The value that turns it off in later versions turns commands off in this one.
func six(addr string) *v6.Client {
	return v6.NewClient(&v6.Options{Addr: addr, MaxRetries: -1}) // want `v6.Options sets MaxRetries to -1, with which this version sends no command and returns no error`
}

func sixMany(addr string) *v6.Client {
	return v6.NewClient(&v6.Options{Addr: addr, MaxRetries: 2}) // want `v6.Options sets MaxRetries to 2 \(automatic retry\)`
}

func endless(addr string) (rueidis.Client, error) {
	return rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}}) // want `rueidis.ClientOption leaves DisableRetry at false \(automatic retry\)`
}

func pings(ctx context.Context, addr string) (radix.Client, error) {
	return radix.PoolConfig{}.New(ctx, "tcp", addr) // want `radix.PoolConfig leaves PingInterval at 5s/Size \(background refresh\)`
}
