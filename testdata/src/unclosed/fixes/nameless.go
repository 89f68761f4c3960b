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
	err := ask(pool.Get()) // want `is never closed`
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
	return order(work(), pool.Get()) // want `is never closed`
}

func order(err error, conn redis.Conn) error {
	_, err = conn.Do("PING")
	return err
}

// The name is a free one.
func takenToo(client string) {
	ask2(goredis.NewClient(opts), client) // want `is never closed`
}

func ask2(rdb *goredis.Client, key string) { rdb.Get(ctx, key) }

// The error is the if statement's own.
func triedInIf(kind string) error {
	switch kind {
	case "redis":
		if _, err := connect( // want `is discarded`
			"cache:6379",
		); err != nil {
			return err
		}
	default:
		if err := work(); err != nil {
			return err
		}
	}
	return nil
}

func connect(addr string) (*goredis.Client, error) {
	return goredis.NewClient(&goredis.Options{Addr: addr}), nil
}

// Nothing but the answer is wanted.
func works() bool {
	_, err := open() // want `is discarded`
	return err == nil
}

// The error before it has been asked about.
func triedSecond() error {
	err := work()
	if err != nil {
		return err
	}
	if _, err := open(); err != nil { // want `is discarded`
		return err
	}
	if err = work(); err != nil {
		return err
	}
	_, err = open() // want `is discarded`
	return err
}

// What is returned is said.
func triedForResult(name string) (s *store, err error) {
	s = &store{}
	if _, err := open(); err != nil { // want `is discarded`
		return nil, err
	}
	return s, nil
}
