package habits

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

//rules inloop

func eachKey(ctx context.Context, keys []string) {
	for _, k := range keys {
		rdb := redis.NewClient(&redis.Options{Addr: "cache:6379"}) // inloop
		rdb.Del(ctx, k)
		rdb.Close()
	}
}

func open(addr string) *redis.Client { return redis.NewClient(&redis.Options{Addr: addr}) }

func eachKeyByHelper(ctx context.Context, keys []string) {
	for _, k := range keys {
		rdb := open("cache:6379") // inloop
		rdb.Del(ctx, k)
		rdb.Close()
	}
}

func eachAddrDeferred(ctx context.Context, addrs []string) {
	for _, addr := range addrs {
		rdb := open(addr)
		defer rdb.Close() // inloop
		rdb.Ping(ctx)
	}
}

func eachCluster(ctx context.Context, n int) {
	for range n {
		c := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{"a:7000", "b:7000"}}) // inloop
		c.Ping(ctx)
		c.Close()
	}
}

func eachAddr(ctx context.Context, addrs []string) {
	for _, addr := range addrs {
		rdb := open(addr)
		rdb.Ping(ctx)
		rdb.Close()
	}
}

func keepsAll(addrs []string) (all []*redis.Client) {
	for range addrs {
		all = append(all, redis.NewClient(&redis.Options{}))
	}
	return all
}

func triesAgain(ctx context.Context) (*redis.Client, error) {
	for range 5 {
		rdb := redis.NewClient(&redis.Options{})
		if err := rdb.Ping(ctx).Err(); err == nil {
			return rdb, nil
		}
		rdb.Close()
	}
	return nil, errors.New("no answer")
}
