// Command custom is run by a platform that a row of -extra knows.
package main

import (
	"context"

	"example.com/dayone/platform"
	"github.com/redis/go-redis/v9"
)

//rules reconnect singleton

func handle(ctx context.Context, id string) error {
	rdb := redis.NewClient(&redis.Options{Addr: "cache:6379"}) // reconnect
	defer rdb.Close()
	return rdb.Incr(ctx, id).Err()
}

func main() { platform.Run(handle) }
