// Package quiet shows clients that fail at once, and those of which nobody can
// tell.
package quiet

import (
	"context"
	"os"
	"strconv"

	v6 "github.com/go-redis/redis"
	v8 "github.com/go-redis/redis/v8"
	"github.com/gomodule/redigo/redis"
	"github.com/mediocregopher/radix/v4"
	v9 "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

// Off.
func off(addr string) *v9.Client { return v9.NewClient(&v9.Options{Addr: addr, MaxRetries: -1}) }

const never = -1

func named(addr string) *v9.Client { return v9.NewClient(&v9.Options{Addr: addr, MaxRetries: never}) }

// In steps.
func steps(addr string) *v9.Client {
	opt := &v9.Options{Addr: addr, MaxRetries: 3, MinIdleConns: 2}
	opt.MaxRetries = -1
	opt.MinIdleConns = 0
	return v9.NewClient(opt)
}

func eight(addr string) *v8.Client { return v8.NewClient(&v8.Options{Addr: addr, MaxRetries: -1}) }

// In this version zero is off.
func six(addr string) *v6.Client { return v6.NewClient(&v6.Options{Addr: addr}) }

// A cluster does not retry at a node by default.
func cluster(addrs []string) *v9.ClusterClient {
	return v9.NewClusterClient(&v9.ClusterOptions{Addrs: addrs})
}

// Of many addresses a cluster is made, of some that nobody knows perhaps.
func universal() v9.UniversalClient {
	return v9.NewUniversalClient(&v9.UniversalOptions{Addrs: []string{"a:6379", "b:6379"}})
}

func universalUnknown(addrs []string) v9.UniversalClient {
	return v9.NewUniversalClient(&v9.UniversalOptions{Addrs: addrs})
}

// From configuration.
func configured(addr string) *v9.Client {
	retries, err := strconv.Atoi(os.Getenv("RETRIES"))
	if err != nil {
		retries = -1
	}
	return v9.NewClient(&v9.Options{Addr: addr, MaxRetries: retries})
}

func fromURL() (*v9.Client, error) {
	opt, err := v9.ParseURL(os.Getenv("REDIS_URL"))
	if err != nil {
		return nil, err
	}
	return v9.NewClient(opt), nil
}

func fromGoodURL() (*v9.Client, error) {
	opt, err := v9.ParseURL("redis://localhost:6379?max_retries=-1")
	if err != nil {
		return nil, err
	}
	return v9.NewClient(opt), nil
}

func given(opt *v9.Options) *v9.Client { return v9.NewClient(opt) }

// A helper that all callers give the right value.
func options(addr string, retries int) *v9.Options {
	return &v9.Options{Addr: addr, MaxRetries: retries}
}

func helper(addr string) *v9.Client { return v9.NewClient(options(addr, -1)) }

// This one never retries.
func dial(addr string) (redis.Conn, error) { return redis.Dial("tcp", addr) }

func once(addr string) (rueidis.Client, error) {
	return rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}, DisableRetry: true})
}

func silent(ctx context.Context, addr string) (radix.Client, error) {
	return radix.PoolConfig{PingInterval: -1}.New(ctx, "tcp", addr)
}
