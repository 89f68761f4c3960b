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

// It is passed twice, and the callback closes it by one of the two.
func countedTwice(pool *redis.Pool, n *int, work func(closer, doer) error) error {
	c := &counted{conn: pool.Get(), n: n}
	return work(c, c)
}

type closer interface{ Close() error }

func handsOverTwice(pool *redis.Pool) error {
	n := 0
	return countedTwice(pool, &n, func(c closer, d doer) error {
		defer c.Close()
		_, err := d.Do("PING")
		return err
	})
}

// A caller passes a bound method that keeps it.
func countedPut(pool *redis.Pool, n *int, put func(*counted) error) error {
	return put(&counted{conn: pool.Get(), n: n})
}

func (k *keeper) put(c *counted) error {
	k.all = append(k.all, c)
	return nil
}

func (k *keeper) fillByPut(pool *redis.Pool) error {
	n := 0
	return countedPut(pool, &n, k.put)
}

// A bound method that only uses it.
func countedPing(pool *redis.Pool, n *int, ping func(*counted) error) error {
	return ping(&counted{conn: pool.Get(), n: n}) // want `is (never|not) closed`
}

func (k *keeper) ping(c *counted) error {
	_, err := c.Do("PING")
	return err
}

func (k *keeper) pingAll(pool *redis.Pool) error {
	n := 0
	return countedPing(pool, &n, k.ping)
}

// It is closed where the callback does not take it.
func countedTaken(pool *redis.Pool, n *int, take func(*counted) error) error {
	c := &counted{conn: pool.Get(), n: n}
	if err := take(c); err != nil {
		c.Close()
		return err
	}
	return nil
}

// It is not closed where the callback fails.
func countedFailed(pool *redis.Pool, n *int, work func(doer) error) error {
	conn := pool.Get() // want `conn is not closed on all paths`
	if err := work(&counted{conn: conn, n: n}); err != nil {
		return err
	}
	return conn.Close()
}
