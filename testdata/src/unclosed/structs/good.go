package structs

import (
	"errors"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// Both are closed.
func bothOfTwo() error {
	db := databases()
	defer db.sessions.Close()
	defer db.jobs.Close()
	return db.jobs.Ping(ctx).Err()
}

// Closed by a helper that takes one of them, and by name.
func shut(rdb *redis.Client) { _ = rdb.Close() }

func bothByHelper() error {
	db := databases()
	defer shut(db.sessions)
	err := db.jobs.Ping(ctx).Err()
	return errors.Join(err, db.jobs.Close())
}

// Taken out, and given to the caller.
func jobsOnly() *redis.Client {
	db := databases()
	db.sessions.Close()
	return db.jobs
}

// The struct itself is handed on.
func passedOn() struct{ sessions, jobs *redis.Client } {
	db := databases()
	return db
}

func listenOnce(rdb *redis.Client) (*redis.Message, error) {
	s := subscribed(rdb)
	defer s.sub.Close()
	return s.sub.ReceiveMessage(ctx)
}

func useNestedWell() error {
	n, err := nested()
	if err != nil {
		return err
	}
	defer n.db.conn.Close()
	_, err = n.db.conn.Do("PING")
	return err
}

// Kept in a variable of the package: whoever stops the program closes it.
var shared struct{ conn redigo.Conn }

func keep() error {
	n, err := nested()
	if err == nil {
		shared.conn = n.db.conn
	}
	return err
}

// Its stop is deferred, called on each path, or given away.
func countWell() (int64, error) {
	c := newCounter()
	defer c.stop()
	return c.incr("n")
}

func countPlainly() (int64, error) {
	c := newCounterPtr()
	n, err := c.incr("n")
	return n, errors.Join(err, c.stop())
}

func stopLater(register func(func() error)) (int64, error) {
	c := newCounter()
	register(c.stop)
	return c.incr("n")
}

// A counter of a client that somebody else owns opens nothing.
func counterOf(rdb *redis.Client) counter {
	return counter{
		incr: func(key string) (int64, error) { return rdb.Incr(ctx, key).Result() },
		stop: func() error { return nil },
	}
}

func countShared(rdb *redis.Client) (int64, error) {
	c := counterOf(rdb)
	return c.incr("n")
}
