// Package inline shows scopes without a helper: the function that uses a
// client opens it, or takes it from somewhere, and closes it by defer.
package inline

import (
	"context"
	"errors"
	"log"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

var ctx = context.Background()

var options = &redis.Options{Addr: "cache:6379"}

func opened() error {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	if err := rdb.Set(ctx, "k", 1, 0).Err(); err != nil {
		return err
	}
	return rdb.Expire(ctx, "k", 60).Err()
}

func closedInLiteral() (err error) {
	rdb := redis.NewClient(options)
	defer func() {
		if e := rdb.Close(); e != nil {
			log.Println(e)
		}
	}()
	_, err = rdb.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
		pipe.Incr(ctx, "n")
		return nil
	})
	return err
}

func dialled() error {
	conn, err := redigo.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Do("DEL", "k")
	return err
}

func pooled(pool *redigo.Pool) (string, error) {
	conn := pool.Get()
	defer conn.Close()
	return redigo.String(conn.Do("GET", "k"))
}

// The pool is somebody else's, and lives on. The connection does not.
type store struct {
	pool   *redigo.Pool
	client rueidis.Client
	rdb    *redis.Client
}

var lookup = redigo.NewScript(1, "return redis.call('GET', KEYS[1])")

func (s *store) scripted() (any, error) {
	conn := s.pool.Get()
	defer conn.Close()
	return lookup.Do(conn, "k")
}

func (s *store) dedicated() error {
	c, cancel := s.client.Dedicate()
	defer cancel()
	return c.Do(ctx, c.B().Ping().Build()).Error()
}

func (s *store) sticky() error {
	conn := s.rdb.Conn()
	defer conn.Close()
	return conn.Set(ctx, "k", 1, 0).Err()
}

// What is taken from a client is not given back when something panics.
func (s *store) stickyPlain() error {
	conn := s.rdb.Conn()
	err := conn.Set(ctx, "k", 1, 0).Err() // want `conn\.Set runs( Redis commands)? outside a scope`
	return errors.Join(err, conn.Close())
}

// Opened by a function of this package, and used by another.
func open() (*redis.Client, error) {
	rdb := redis.NewClient(options)
	if err := rdb.Ping(ctx).Err(); err != nil {
		rdb.Close()
		return nil, err
	}
	return rdb, nil
}

func rename(rdb redis.Cmdable, key string) error { return rdb.HSet(ctx, key, "name", "new").Err() }

func handed() error {
	rdb, err := open()
	if err != nil {
		return err
	}
	defer rdb.Close()
	return rename(rdb, "k")
}

// A literal runs before the function returns.
func inLiteral() (names []string) {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	get := func(key string) { names = append(names, rdb.Get(ctx, key).Val()) }
	get("a")
	get("b")
	return names
}

// An owner that is closed with its client.
type queue struct{ rdb *redis.Client }

func newQueue() *queue { return &queue{redis.NewClient(options)} }

func (q *queue) close() { q.rdb.Close() }

func owned() error {
	q := newQueue()
	defer q.close()
	return q.rdb.LPush(ctx, "q", 1).Err()
}

// A method cannot tell who owns the queue.
func (q *queue) push() error {
	return q.rdb.LPush(ctx, "q", 1).Err() // want `q\.rdb\.LPush runs( Redis commands)? outside a scope`
}

// It is closed on the way out only if there is no error.
func lucky() error {
	rdb := redis.NewClient(options)
	if err := rdb.Set(ctx, "k", 1, 0).Err(); err != nil { // want `rdb\.Set runs( Redis commands)? outside a scope`
		return err
	}
	return rdb.Close()
}

// It is handed on.
func kept() *queue {
	rdb := redis.NewClient(options)
	rdb.Del(ctx, "q") // want `rdb\.Del runs( Redis commands)? outside a scope`
	return &queue{rdb}
}

// It is nobody's.
func never() {
	rdb := redis.NewClient(options)
	rdb.Del(ctx, "q") // want `rdb\.Del runs( Redis commands)? outside a scope`
}

// One is opened here, and the other is from elsewhere.
func (s *store) copied() error {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	value := s.rdb.Get(ctx, "k").Val() // want `s\.rdb\.Get runs( Redis commands)? outside a scope`
	return rdb.Set(ctx, "k", value, 0).Err()
}
