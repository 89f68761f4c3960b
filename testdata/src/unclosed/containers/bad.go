// Package containers shows slices, maps and structs full of clients.
package containers

import (
	"context"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func opts(addr string) *goredis.Options { return &goredis.Options{Addr: addr} }

// A slice that is dropped.
func sliceDropped(addrs []string) int {
	var clients []*goredis.Client
	for _, addr := range addrs {
		clients = append(clients, goredis.NewClient(opts(addr))) // want `(is never closed|is discarded)`
	}
	return len(clients)
}

// A map that is dropped.
func mapDropped(addrs []string) int {
	clients := map[string]*goredis.Client{}
	for _, addr := range addrs {
		rdb := goredis.NewClient(opts(addr)) // want `rdb is never closed`
		clients[addr] = rdb
	}
	return len(clients)
}

// The loop that closes is behind an early return.
func closedTooLate(addrs []string) error {
	var clients []*goredis.Client
	for _, addr := range addrs {
		rdb := goredis.NewClient(opts(addr)) // want `rdb is not closed on all paths`
		clients = append(clients, rdb)
	}
	for _, rdb := range clients {
		if err := rdb.Ping(ctx).Err(); err != nil {
			return err
		}
	}
	for _, rdb := range clients {
		rdb.Close()
	}
	return nil
}

// The third dial fails, the first two are lost.
func partlyDialled(addrs []string) ([]redis.Conn, error) {
	var conns []redis.Conn
	for _, addr := range addrs {
		conn, err := redis.Dial("tcp", addr) // want `conn is (never|not) closed`
		if err != nil {
			return nil, err
		}
		conns = append(conns, conn)
	}
	return conns, nil
}

// A literal of clients that are only used.
func literalUsed() {
	a := goredis.NewClient(opts("a:6379")) // want `a is never closed`
	b := goredis.NewClient(opts("b:6379")) // want `b is never closed`
	for _, rdb := range []*goredis.Client{a, b} {
		rdb.Ping(ctx)
	}
}

// warmAll uses all of them.
func warmAll(clients ...*goredis.Client) {
	for _, rdb := range clients {
		rdb.Ping(ctx)
	}
}

// A variadic function that borrows.
func variadicUsed() {
	a := goredis.NewClient(opts("a:6379")) // want `a is never closed`
	warmAll(a)
}
