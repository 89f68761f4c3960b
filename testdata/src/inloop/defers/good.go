package defers

import (
	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// The literal ends with each turn.
func inLiteral(addrs []string) {
	for _, addr := range addrs {
		func() {
			rdb := redis.NewClient(&redis.Options{Addr: addr})
			defer rdb.Close()
			rdb.Ping(ctx)
		}()
	}
}

// All of them are needed at once.
func kept(addrs []string) {
	var all []*redis.Client
	for _, addr := range addrs {
		rdb := redis.NewClient(&redis.Options{Addr: addr})
		defer rdb.Close()
		all = append(all, rdb)
	}
	for _, rdb := range all {
		rdb.Ping(ctx)
	}
}

// The function ends in the same turn.
func leaves(addrs []string) error {
	for _, addr := range addrs {
		c, err := redigo.Dial("tcp", addr)
		if err != nil {
			continue
		}
		defer c.Close()
		_, err = c.Do("PING")
		return err
	}
	return nil
}

// Deferred before the loop.
func before(p *redigo.Pool, keys []string) {
	c := p.Get()
	defer c.Close()
	for _, k := range keys {
		c.Do("DEL", k)
	}
}

// A goroutine's own function ends by itself.
func goroutines(p *redigo.Pool, keys []string) {
	for _, k := range keys {
		go func() {
			c := p.Get()
			defer c.Close()
			c.Do("DEL", k)
		}()
	}
}
