package handlers

import (
	"errors"
	"log/slog"

	"example.com/shop/store"
	"github.com/redis/go-redis/v9"
)

//rules unlogged

var options = &redis.Options{Addr: "localhost:6379"}

func withRedis(fn func(*redis.Client) error) error { // unlogged
	rdb := redis.NewClient(options)
	defer rdb.Close()
	return fn(rdb)
}

func withJoined(fn func(*redis.Client) error) (err error) { // unlogged
	rdb := redis.NewClient(options)
	defer func() { err = errors.Join(err, rdb.Close()) }()
	return fn(rdb)
}

func withDropped(fn func(*redis.ClusterClient) error) error { // unlogged
	rdb := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{"localhost:6379"}})
	slog.Debug("redis: open")
	defer rdb.Close()
	return fn(rdb)
}

func withLog(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(options)
	defer func() { slog.Debug("redis: closed", "error", rdb.Close()) }()
	return fn(rdb)
}

func withHelper(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(options)
	defer store.Close(rdb)
	return fn(rdb)
}

func withTwice(fn func(*redis.Client) error) error {
	if err := withLog(fn); err != nil {
		return withLog(fn)
	}
	return nil
}
