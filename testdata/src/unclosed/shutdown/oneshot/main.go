// Command oneshot runs and ends.
package main

import (
	"context"

	"github.com/redis/go-redis/v9"
)

var rdb = redis.NewClient(&redis.Options{})

func main() { rdb.Ping(context.Background()) }
