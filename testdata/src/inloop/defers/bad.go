// Package defers defers releases in loops.
package defers

import (
	"context"

	"inloop/helpers"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func eachAddress(addrs []string) error {
	for _, addr := range addrs {
		c, err := redigo.Dial("tcp", addr)
		if err != nil {
			return err
		}
		defer c.Close() // want `in a loop runs only when the function returns; \w+ c `
		c.Do("PING")
	}
	return nil
}

func literal(addrs []string) {
	for _, addr := range addrs {
		rdb := redis.NewClient(&redis.Options{Addr: addr})
		defer func() { // want `in a loop runs only when the function returns; \w+ rdb `
			if err := rdb.Close(); err != nil {
				println(err)
			}
		}()
		rdb.Ping(ctx)
	}
}

func fromPool(p *redigo.Pool, keys []string) {
	for _, k := range keys {
		c := p.Get()
		defer c.Close() // want `in a loop runs only when the function returns; \w+ c `
		c.Do("DEL", k)
	}
}

func subscription(rdb *redis.Client, channels []string) {
	for _, ch := range channels {
		sub := rdb.Subscribe(ctx, ch)
		defer sub.Close() // want `in a loop runs only when the function returns; \w+ sub `
		sub.ReceiveMessage(ctx)
	}
}

func byHelper(addrs []string) error {
	for _, addr := range addrs {
		rdb, err := helpers.OpenAt(addr)
		if err != nil {
			return err
		}
		defer rdb.Close() // want `in a loop runs only when the function returns; \w+ rdb `
		rdb.Ping(ctx)
	}
	return nil
}
