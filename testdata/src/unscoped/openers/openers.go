// Package openers shows what is asked where a client is opened: whether it
// works is no reason to move it, whatever opened it for.
package openers

import (
	"context"
	"fmt"
	"sync"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

var ctx = context.Background()

var options = &redis.Options{Addr: "cache:6379"}

// A constructor.
func newClient() (*redis.Client, error) {
	rdb := redis.NewClient(options)
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, fmt.Errorf("no redis: %w", err)
	}
	return rdb, nil
}

// By the name of the command.
func newClientDo() (*redis.Client, error) {
	rdb := redis.NewClient(options)
	return rdb, rdb.Do(ctx, "ping").Err()
}

func newConn() (redigo.Conn, error) {
	conn, err := redigo.Dial("tcp", "cache:6379")
	if err != nil {
		return nil, err
	}
	if _, err := conn.Do("AUTH", "secret"); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

func newRueidis() (rueidis.Client, error) {
	client, err := rueidis.NewClient(rueidis.ClientOption{})
	if err != nil {
		return nil, err
	}
	if err := client.Do(ctx, client.B().Ping().Build()).Error(); err != nil {
		client.Close()
		return nil, err
	}
	return client, nil
}

// What is written is no question.
func newWritten() (*redis.Client, error) {
	rdb := redis.NewClient(options)
	return rdb, rdb.Set(ctx, "started", 1, 0).Err() // want `rdb\.Set runs( Redis commands)? outside a scope`
}

func newWrittenConn() (redigo.Conn, error) {
	conn, err := redigo.Dial("tcp", "cache:6379")
	if err != nil {
		return nil, err
	}
	_, err = conn.Do("SET", "ping", "1") // want `conn\.Do runs( Redis commands)? outside a scope`
	return conn, err
}

func newWrittenRueidis() (rueidis.Client, error) {
	client, err := rueidis.NewClient(rueidis.ClientOption{})
	if err != nil {
		return nil, err
	}
	return client, client.Do(ctx, client.B().Set().Key("ping").Value("1").Build()).Error() // want `client\.Do runs( Redis commands)? outside a scope`
}

// It is kept in a variable.
var shared *redis.Client

func setUp() error {
	shared = redis.NewClient(options)
	if _, err := shared.Ping(ctx).Result(); err != nil {
		return err
	}
	return shared.Del(ctx, "k").Err() // want `shared\.Del runs( Redis commands)? outside a scope`
}

// The first caller opens it.
var (
	once  sync.Once
	first *redis.Client
)

func client() (*redis.Client, error) {
	once.Do(func() { first = redis.NewClient(options) })
	return first, first.Ping(ctx).Err()
}

// It is kept in a field.
type store struct{ rdb *redis.Client }

func (s *store) open() error {
	s.rdb = redis.NewClient(options)
	return s.rdb.Ping(ctx).Err()
}

// A function that asks, for the opener.
func works(rdb redis.Cmdable) bool { return rdb.Ping(ctx).Err() == nil }

func counts(rdb redis.Cmdable) bool { return works(rdb) && rdb.Incr(ctx, "n").Err() == nil }

func newWorking() *redis.Client {
	rdb := redis.NewClient(options)
	if !works(rdb) {
		return nil
	}
	if !counts(rdb) { // want `counts runs( Redis commands)? outside a scope`
		return nil
	}
	return rdb
}

// Whoever asks somebody else's client uses it.
func (s *store) healthy() error {
	return s.rdb.Ping(ctx).Err() // want `s\.rdb\.Ping runs( Redis commands)? outside a scope`
}

// So does an opener of another one.
func (s *store) twin() (*redis.Client, error) {
	rdb := redis.NewClient(options)
	return rdb, shared.Ping(ctx).Err() // want `shared\.Ping runs( Redis commands)? outside a scope`
}
