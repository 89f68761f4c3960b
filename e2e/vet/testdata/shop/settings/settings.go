// Package settings opens clients with good and with bad options.
//
//rules timeout reconnect
package settings

import (
	"context"
	"os"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"example.com/shop/settings/opts"
)

func defaults(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: addr}) // timeout reconnect
}

func good(addr string) *redis.Client { return redis.NewClient(opts.Good(addr)) }

func patient(addr string) *redis.Client {
	opt := opts.Good(addr)
	opts.Patient(opt)
	return redis.NewClient(opt) // timeout
}

func opened(addr string) *redis.Client {
	opt := opts.Good(addr)
	opt.MaxRetries = 2
	return opts.Open(opt) // reconnect
}

func openedGood(addr string) *redis.Client { return opts.Open(opts.Good(addr)) }

func long(addr string) *redis.Client {
	opt := opts.Good(addr)
	opt.WriteTimeout = time.Minute
	return redis.NewClient(opt) // timeout
}

func fromURL() (*redis.Client, error) {
	opt, err := redis.ParseURL("redis://localhost:6379/1?max_retries=-1&protocol=2&read_timeout=0")
	if err != nil {
		return nil, err
	}
	opt.DialerRetries = 1
	return redis.NewClient(opt), nil // timeout
}

func fromEnvironment() (*redis.Client, error) {
	opt, err := redis.ParseURL(os.Getenv("REDIS_URL"))
	if err != nil {
		return nil, err
	}
	return redis.NewClient(opt), nil
}

func cluster(addrs []string) *redis.ClusterClient {
	return redis.NewClusterClient(&redis.ClusterOptions{
		Addrs: addrs, DialerRetries: 1, ReadTimeout: 5 * time.Second,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
}

func ring(addrs map[string]string) *redis.Ring {
	return redis.NewRing(&redis.RingOptions{Addrs: addrs, MaxRetries: -1, DialerRetries: 1, MinIdleConns: 3}) // reconnect
}

func deadline(addr string) error {
	opt := opts.Good(addr)
	rdb := redis.NewClient(opt) // timeout
	defer rdb.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return rdb.Ping(ctx).Err()
}
