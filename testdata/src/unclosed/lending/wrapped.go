package lending

import (
	"errors"

	"github.com/gomodule/redigo/redis"
)

// counted is a connection that counts its commands.
type counted struct {
	conn redis.Conn
	n    *int
}

func (c *counted) Do(name string, args ...any) (any, error) {
	*c.n++
	return c.conn.Do(name, args...)
}

func (c *counted) Close() error { return c.conn.Close() }

type doer interface {
	Do(name string, args ...any) (any, error)
}

// The callback works with what is made of the connection, and nobody closes it.
func countedRun(pool *redis.Pool, n *int, work func(doer) error) error {
	conn := pool.Get() // want `conn is (never|not) closed`
	return work(&counted{conn: conn, n: n})
}

// The same, put back.
func countedClosed(pool *redis.Pool, n *int, work func(doer) error) error {
	conn := pool.Get()
	defer conn.Close()
	return work(&counted{conn: conn, n: n})
}

// The callback may take note of it.
func countedNoted(pool *redis.Pool, n *int, note func(doer)) {
	conn := pool.Get()
	note(&counted{conn: conn, n: n})
}

// A caller passes a callback that closes it.
func countedHanded(pool *redis.Pool, n *int, work func(*counted) error) error {
	conn := pool.Get()
	return work(&counted{conn: conn, n: n})
}

func handsOver(pool *redis.Pool) error {
	n := 0
	return countedHanded(pool, &n, func(c *counted) error {
		_, err := c.Do("PING")
		return errors.Join(err, c.Close())
	})
}

// A caller passes a callback that keeps it.
func countedKept(pool *redis.Pool, n *int, work func(*counted) error) error {
	conn := pool.Get()
	return work(&counted{conn: conn, n: n})
}

type keeper struct{ all []*counted }

func (k *keeper) fill(pool *redis.Pool) error {
	n := 0
	return countedKept(pool, &n, func(c *counted) error {
		k.all = append(k.all, c)
		return nil
	})
}

// It is kept beside.
func (k *keeper) beside(pool *redis.Pool, work func(doer) error) error {
	n := 0
	c := &counted{conn: pool.Get(), n: &n}
	k.all = append(k.all, c)
	return work(c)
}

func (k *keeper) Close() {
	for _, c := range k.all {
		_ = c.Close()
	}
}
