// Package derived shows what is taken out of a client or pool and has an end
// of its own.
package derived

import (
	"context"
	"errors"
	"log"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

var ctx = context.Background()

func work() error { return errors.New("work") }

// A subscription.
func subscription(rdb *goredis.Client) string {
	sub := rdb.Subscribe(ctx, "news") // want `sub is never closed`
	msg, err := sub.ReceiveMessage(ctx)
	if err != nil {
		return ""
	}
	return msg.Payload
}

// A subscription in a streaming loop, left when the reader goes.
func stream(ctx context.Context, rdb *goredis.Client, out chan<- string) {
	sub := rdb.PSubscribe(ctx, "news.*") // want `sub is never closed`
	ch := sub.Channel()
	for {
		select {
		case <-ctx.Done():
			return
		case msg := <-ch:
			out <- msg.Payload
		}
	}
}

// The subscription is lost in the chain.
func chainedSubscription(rdb goredis.UniversalClient) {
	for msg := range rdb.Subscribe(ctx, "news").Channel() { // want `is discarded and can never be closed`
		if msg.Payload == "stop" {
			return
		}
	}
}

// The first receive fails.
func confirmFails(rdb *goredis.ClusterClient) (*goredis.PubSub, error) {
	sub := rdb.Subscribe(ctx, "news") // want `sub is (never|not) closed`
	if _, err := sub.Receive(ctx); err != nil {
		return nil, err
	}
	return sub, nil
}

// One connection of the pool, never given back.
func stickyConn(rdb *goredis.Client) error {
	conn := rdb.Conn() // want `conn is never closed`
	return conn.Select(ctx, 3).Err()
}

// A connection of a redigo pool.
func pooled(pool *redis.Pool) error {
	conn := pool.Get() // want `conn is never closed`
	_, err := conn.Do("INCR", "n")
	return err
}

// A connection of a redigo pool, lost in the chain.
func pooledChained(pool *redis.Pool) (string, error) {
	return redis.String(pool.Get().Do("GET", "k")) // want `is discarded and can never be closed`
}

// A connection of a redigo pool, lost by an early return.
func pooledEarlyReturn(pool *redis.Pool) error {
	conn, err := pool.GetContext(ctx) // want `conn is not closed on all paths`
	if err != nil {
		return err
	}
	if _, err := conn.Do("MULTI"); err != nil {
		return err
	}
	return conn.Close()
}

// The pool itself.
func poolDropped() error {
	pool := &redis.Pool{ // want `pool is never closed`
		Dial: func() (redis.Conn, error) { return redis.Dial("tcp", "cache:6379") },
	}
	conn := pool.Get()
	defer conn.Close()
	_, err := conn.Do("PING")
	return err
}

// A Dial callback that fails after it has dialled.
func newPool(password string) *redis.Pool {
	return &redis.Pool{
		MaxIdle: 3,
		Dial: func() (redis.Conn, error) {
			conn, err := redis.Dial("tcp", "cache:6379") // want `conn is (never|not) closed`
			if err != nil {
				return nil, err
			}
			if _, err := conn.Do("AUTH", password); err != nil {
				return nil, err
			}
			return conn, nil
		},
	}
}

// A subscription on a connection.
func subConn(pool *redis.Pool) error {
	psc := redis.PubSubConn{Conn: pool.Get()} // want `(is never closed|is discarded)`
	return psc.Subscribe("news")
}

// A subscription on a named connection.
func subNamedConn() error {
	conn, err := redis.Dial("tcp", "cache:6379") // want `conn is never closed`
	if err != nil {
		return err
	}
	psc := &redis.PubSubConn{Conn: conn}
	return psc.Subscribe("news")
}

// A logging wrapper is as open as what it wraps.
func logging(logger *log.Logger) error {
	conn, err := redis.Dial("tcp", "cache:6379") // want `conn is never closed`
	if err != nil {
		return err
	}
	logged := redis.NewLoggingConn(conn, logger, "redis ")
	_, err = logged.Do("PING")
	return err
}

// The cancel function of a dedicated client is dropped.
func dedicatedDropped(client rueidis.Client) error {
	c, _ := client.Dedicate() // want `c is never (released|closed)|is discarded`
	return c.Do(ctx, c.B().Ping().Build()).Error()
}

// The cancel function of a dedicated client is called too late.
func dedicatedLate(client rueidis.Client) error {
	c, cancel := client.Dedicate() // want `c is not (released|closed) on all paths`
	if err := c.Do(ctx, c.B().Ping().Build()).Error(); err != nil {
		return err
	}
	cancel()
	return nil
}
