// Package standard is about containers of the standard library.
package standard

import (
	"context"
	"sync"
	"sync/atomic"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func opts(addr string) *redis.Options { return &redis.Options{Addr: addr} }

// clients closes all that are in it.
type clients struct{ byAddr sync.Map }

func (c *clients) Close() {
	c.byAddr.Range(func(_, v any) bool {
		_ = v.(*redis.Client).Close()
		return true
	})
}

// The loser of a race for the place is dropped.
func (c *clients) loser(addr string) *redis.Client {
	rdb := redis.NewClient(opts(addr)) // want `rdb is not closed on all paths`
	v, _ := c.byAddr.LoadOrStore(addr, rdb)
	return v.(*redis.Client)
}

// It is closed by the one that won.
func (c *clients) wrongSide(addr string) (*redis.Client, error) {
	rdb := redis.NewClient(opts(addr)) // want `rdb is not closed on all paths`
	v, loaded := c.byAddr.LoadOrStore(addr, rdb)
	if !loaded {
		return rdb, rdb.Ping(ctx).Err()
	}
	return v.(*redis.Client), nil
}

// Lost when it did not replace the other one.
func (c *clients) swapped(addr string, old *redis.Client) bool {
	rdb := redis.NewClient(opts(addr)) // want `rdb is not closed on all paths`
	return c.byAddr.CompareAndSwap(addr, old, rdb)
}

// A map of this function alone.
func fanOut(addrs []string) {
	var open sync.Map
	for _, a := range addrs {
		open.Store(a, redis.NewClient(opts(a))) // want `(is never closed|discarded)`
	}
	open.Range(func(_, v any) bool {
		v.(*redis.Client).Ping(ctx)
		return true
	})
}

// current is replaced, and closed in the end.
type current struct{ conn atomic.Pointer[redis.Client] }

func (c *current) Close() {
	if rdb := c.conn.Swap(nil); rdb != nil {
		rdb.Close()
	}
}

// It stays outside when somebody was faster.
func (c *current) connect(addr string) {
	rdb := redis.NewClient(opts(addr)) // want `rdb is not closed on all paths`
	if c.conn.CompareAndSwap(nil, rdb) {
		return
	}
	rdb.Ping(ctx)
}

func (c *current) get(addr string) *redis.Client {
	for {
		if rdb := c.conn.Load(); rdb != nil {
			return rdb
		}
		rdb := redis.NewClient(opts(addr)) // want `rdb is not closed on all paths`
		c.conn.CompareAndSwap(nil, rdb)
	}
}

// Nothing ever closes what this one holds, nor what it held before.
type endless struct{ rdb atomic.Pointer[redis.Client] }

func (e *endless) reload(addr string) {
	e.rdb.Store(redis.NewClient(opts(addr))) // want `is never closed: it is stored in endless.rdb, and nothing \w+ it there`
}

func (e *endless) ping() error { return e.rdb.Load().Ping(ctx).Err() }

// The same in an atomic.Value, and of connections.
type cell struct{ v atomic.Value }

func (c *cell) dial() error {
	conn, err := redigo.Dial("tcp", "cache:6379") // want `conn is never closed: it is stored in cell.v`
	if err != nil {
		return err
	}
	c.v.Store(conn)
	return nil
}

func (c *cell) ping() error {
	_, err := c.v.Load().(redigo.Conn).Do("PING")
	return err
}

// A map by key that nobody closes, and hands out what it keeps.
type tenants struct {
	mu   sync.Mutex
	byID map[string]*redis.Client
}

func (t *tenants) of(id string) *redis.Client {
	t.mu.Lock()
	defer t.mu.Unlock()
	rdb, ok := t.byID[id]
	if !ok {
		rdb = redis.NewClient(opts(id)) // want `rdb is never closed: it is stored in tenants.byID`
		t.byID[id] = rdb
	}
	return rdb
}

func (t *tenants) ping(id string) error { return t.of(id).Ping(ctx).Err() }
