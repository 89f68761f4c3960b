// Command oneshot does one thing and ends, and its connections with it.
package main

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"
)

func main() {
	rdb := redis.NewClient(&redis.Options{Addr: "cache:6379"})
	n, err := rdb.Incr(context.Background(), "runs").Result()
	if err != nil {
		fmt.Println("redis:", err)
		return
	}
	fmt.Println("run", n)
	if err := report(n); err != nil {
		fmt.Println("report:", err)
	}
}

// report is not main: it may run many times.
func report(n int64) error {
	rdb := redis.NewClient(&redis.Options{Addr: "reports:6379"}) // want `rdb is never closed`
	return rdb.Set(context.Background(), "runs", n, 0).Err()
}
