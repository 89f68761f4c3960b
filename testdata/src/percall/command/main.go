// Command command opens clients as commands do.
package main

import (
	"context"
	"os"

	"github.com/redis/go-redis/v9"
)

func main() {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	rdb.Ping(context.Background())
	Delete(os.Args[1])
}

func Delete(key string) {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	rdb.Del(context.Background(), key)
}
