// Package channels is about clients that are sent on channels.
package channels

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func client(addr string) *redis.Client { return redis.NewClient(&redis.Options{Addr: addr}) }

// Received, used and dropped.
func dropped() error {
	ch := make(chan *redis.Client, 1)
	go func() { ch <- client("a") }() // want `is never closed`
	rdb := <-ch
	return rdb.Ping(ctx).Err()
}

// Sent by the function itself, and lost on one way out.
func lostOnError() error {
	rdb := client("a") // want `rdb is not closed on all paths`
	ch := make(chan *redis.Client, 1)
	ch <- rdb
	got := <-ch
	if err := got.Ping(ctx).Err(); err != nil {
		return err
	}
	return got.Close()
}

// Never received.
func undrained(addrs []string) int {
	ch := make(chan *redis.Client, len(addrs))
	for _, a := range addrs {
		ch <- client(a) // want `(is never closed|not closed on all paths)`
	}
	return len(ch)
}

// Drained, and nothing closed.
func drained(addrs []string) {
	ch := make(chan redigo.Conn, len(addrs))
	for _, a := range addrs {
		conn, err := redigo.DialURL(a) // want `conn is never closed`
		if err != nil {
			continue
		}
		ch <- conn
	}
	close(ch)
	for conn := range ch {
		conn.Do("PING")
	}
}

// With its error, in a struct.
type dialed struct {
	conn redigo.Conn
	err  error
}

func inStruct() error {
	ch := make(chan dialed, 1)
	go func() {
		conn, err := redigo.Dial("tcp", "cache:6379") // want `conn is never closed`
		ch <- dialed{conn, err}
	}()
	r := <-ch
	if r.err != nil {
		return r.err
	}
	_, err := r.conn.Do("PING")
	return err
}

// A pool of clients is dropped.
type bucket struct{ free chan *redis.Client }

func newBucket(n int) *bucket {
	b := &bucket{free: make(chan *redis.Client, n)}
	for range n {
		b.free <- client("a")
	}
	return b
}

func (b *bucket) do(f func(*redis.Client) error) error {
	rdb := <-b.free
	defer func() { b.free <- rdb }()
	return f(rdb)
}

func (b *bucket) Close() {
	close(b.free)
	for rdb := range b.free {
		_ = rdb.Close()
	}
}

func bucketDropped() error {
	b := newBucket(2) // want `b is never closed`
	return b.do(func(rdb *redis.Client) error { return rdb.Ping(ctx).Err() })
}
