package fixes

import (
	"fmt"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

// Each iteration closes what it has opened.
func eachNode(addrs []string) {
	for _, addr := range addrs {
		rdb := goredis.NewClient(&goredis.Options{Addr: addr}) // want `rdb is never closed`
		fmt.Println(rdb.Ping(ctx).Err())
	}
}

func eachDial(addrs []string) {
	for _, addr := range addrs {
		conn, err := redis.Dial("tcp", addr) // want `conn is never closed`
		if err != nil {
			fmt.Println(err)
			continue
		}
		if _, err := conn.Do("PING"); err != nil {
			fmt.Println(err)
		}
	}
}

// An iteration may end before its end.
func someNodes(addrs []string) {
	for _, addr := range addrs {
		rdb := goredis.NewClient(&goredis.Options{Addr: addr}) // want `rdb is never closed`
		if rdb.Ping(ctx).Err() != nil {
			continue
		}
		fmt.Println(addr)
	}
}

// The channel is read when the loop has ended.
func lastChannel(rdb *goredis.Client, names []string) {
	var ch <-chan *goredis.Message
	for _, name := range names {
		sub := rdb.Subscribe(ctx, name) // want `sub is never closed`
		ch = sub.Channel()
	}
	for msg := range ch {
		fmt.Println(msg.Payload)
	}
}
