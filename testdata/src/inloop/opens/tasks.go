package opens

import (
	"sync"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"
)

// A goroutine for each key, and a connection for each goroutine.
func warm(keys []string) {
	var wg sync.WaitGroup
	for _, k := range keys {
		wg.Add(1)
		go func() {
			defer wg.Done()
			c, err := redigo.Dial("tcp", "a:1") // want `c is opened on every iteration; open a pool once before the loop`
			if err != nil {
				return
			}
			defer c.Close()
			c.Do("GET", k)
		}()
	}
	wg.Wait()
}

// The key is an argument.
func passed(keys []string) {
	for _, k := range keys {
		go func(key string) {
			rdb := redis.NewClient(opts) // want `rdb is opened on every iteration; open it once before the loop`
			defer rdb.Close()
			rdb.Get(ctx, key)
		}(k)
	}
}

// A group starts them.
func grouped(keys []string) error {
	var g errgroup.Group
	for _, k := range keys {
		g.Go(func() error {
			rdb := redis.NewClient(opts) // want `rdb is opened on every iteration; open it once before the loop`
			defer rdb.Close()
			return rdb.Get(ctx, k).Err()
		})
	}
	return g.Wait()
}

// Each item has its own address.
func addresses(addrs []string) {
	for _, a := range addrs {
		go func() {
			rdb := redis.NewClient(&redis.Options{Addr: a})
			defer rdb.Close()
			rdb.Ping(ctx)
		}()
	}
}

// The address is an argument.
func addressPassed(addrs []string) {
	for _, a := range addrs {
		go func(addr string) {
			rdb := redis.NewClient(&redis.Options{Addr: addr})
			defer rdb.Close()
			rdb.Ping(ctx)
		}(a)
	}
}

// Workers go on.
func queues(names []string) {
	for _, name := range names {
		go func() {
			rdb := redis.NewClient(opts)
			defer rdb.Close()
			for rdb.BLPop(ctx, 0, name).Err() == nil {
			}
		}()
	}
}

// What a goroutine keeps is its own affair.
func sent(keys []string, out chan<- *redis.Client) {
	for range keys {
		go func() { out <- redis.NewClient(opts) }()
	}
}
