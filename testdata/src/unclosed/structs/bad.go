// Package structs is about structs that nobody gave a method to close them:
// whoever gets one releases what is in its fields.
package structs

import (
	"context"
	"errors"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func client() *redis.Client { return redis.NewClient(&redis.Options{Addr: "cache:6379"}) }

func dial() (redigo.Conn, error) { return redigo.Dial("tcp", "cache:6379") }

// A struct without a name, with a client for each of two databases.
func databases() struct{ sessions, jobs *redis.Client } {
	return struct{ sessions, jobs *redis.Client }{client(), client()}
}

// The second one is forgotten.
func oneOfTwo() error {
	db := databases() // want `db is never closed`
	defer db.sessions.Close()
	return db.jobs.Ping(ctx).Err()
}

// Both are forgotten on the way out for an error.
func noneOnError() error {
	db := databases() // want `db is not closed on all paths`
	if err := db.sessions.Ping(ctx).Err(); err != nil {
		return err
	}
	return errors.Join(db.sessions.Close(), db.jobs.Close())
}

// A pointer to one.
func subscribed(rdb *redis.Client) *struct{ sub *redis.PubSub } {
	return &struct{ sub *redis.PubSub }{rdb.Subscribe(ctx, "news")}
}

func listen(rdb *redis.Client) (*redis.Message, error) {
	s := subscribed(rdb) // want `s is never closed`
	return s.sub.ReceiveMessage(ctx)
}

// One in one.
func nested() (out struct{ db struct{ conn redigo.Conn } }, err error) {
	out.db.conn, err = dial()
	return out, err
}

func useNested() error {
	n, err := nested() // want `n is never closed`
	if err != nil {
		return err
	}
	_, err = n.db.conn.Do("PING")
	return err
}

// counter is a struct of funcs; the one that ends it is never called.
type counter struct {
	incr func(key string) (int64, error)
	stop func() error
}

func newCounter() counter {
	rdb := client()
	return counter{
		incr: func(key string) (int64, error) { return rdb.Incr(ctx, key).Result() },
		stop: rdb.Close,
	}
}

func count() (int64, error) {
	c := newCounter() // want `c is never closed`
	return c.incr("n")
}

// The same behind a pointer, and forgotten on one path.
func newCounterPtr() *counter {
	rdb := client()
	return &counter{
		incr: func(key string) (int64, error) { return rdb.Incr(ctx, key).Result() },
		stop: func() error { return rdb.Close() },
	}
}

func countTwice() (int64, error) {
	c := newCounterPtr() // want `c is not closed on all paths`
	n, err := c.incr("n")
	if err != nil {
		return 0, err
	}
	return n, c.stop()
}
