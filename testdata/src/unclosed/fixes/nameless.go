package fixes

import (
	"fmt"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

// What is opened in the middle of an expression gets a name.
func inChain() error {
	return goredis.NewClient(opts).Ping(ctx).Err() // want `is discarded`
}

func asArgument(pool *redis.Pool) error {
	err := ask(pool.Get()) // want `is discarded`
	return err
}

func ask(conn redis.Conn) error {
	_, err := conn.Do("PING")
	return err
}

func ranged(rdb *goredis.Client) {
	for msg := range rdb.Subscribe(ctx, "news").Channel() { // want `is discarded`
		fmt.Println(msg.Payload)
	}
}

// The usual name is taken.
func taken(client string) {
	goredis.NewClient(opts).Set(ctx, "k", client, 0) // want `is discarded`
}

func open() (*goredis.Client, error) {
	rdb := goredis.NewClient(opts)
	return rdb, nil
}

// It is opened to see whether that fails.
func tried(name string) (s *store, err error) {
	if _, err = open(); err != nil { // want `is discarded`
		return nil, err
	}
	return &store{name: name}, nil
}

func triedToo() error {
	_, err := open() // want `is discarded`
	if err != nil {
		return err
	}
	return work()
}

// Something comes before it when the statement runs.
func second(pool *redis.Pool) error {
	return order(work(), pool.Get()) // want `is discarded`
}

func order(err error, conn redis.Conn) error {
	_, err = conn.Do("PING")
	return err
}

// The name is a free one.
func takenToo(client string) {
	ask2(goredis.NewClient(opts), client) // want `is discarded`
}

func ask2(rdb *goredis.Client, key string) { rdb.Get(ctx, key) }
