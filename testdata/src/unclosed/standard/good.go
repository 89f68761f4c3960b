package standard

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// The loser is closed, whichever way it is found.
func (c *clients) byFlag(addr string) *redis.Client {
	rdb := redis.NewClient(opts(addr))
	v, loaded := c.byAddr.LoadOrStore(addr, rdb)
	if loaded {
		rdb.Close()
	}
	return v.(*redis.Client)
}

func (c *clients) byValue(addr string) *redis.Client {
	rdb := redis.NewClient(opts(addr))
	v, _ := c.byAddr.LoadOrStore(addr, rdb)
	if v != rdb {
		rdb.Close()
	}
	return v.(*redis.Client)
}

func (c *clients) byPointer(addr string) *redis.Client {
	rdb := redis.NewClient(opts(addr))
	v, _ := c.byAddr.LoadOrStore(addr, rdb)
	won := v.(*redis.Client)
	if won == rdb {
		return rdb
	}
	_ = rdb.Close()
	return won
}

// Looked up first.
func (c *clients) looked(addr string) *redis.Client {
	if v, ok := c.byAddr.Load(addr); ok {
		return v.(*redis.Client)
	}
	rdb := redis.NewClient(opts(addr))
	c.byAddr.Store(addr, rdb)
	return rdb
}

// Taken out and closed.
func (c *clients) drop(addr string) {
	if v, ok := c.byAddr.LoadAndDelete(addr); ok {
		v.(*redis.Client).Close()
	}
}

// The map of a function.
func fanOutWell(addrs []string) {
	var open sync.Map
	for _, a := range addrs {
		open.Store(a, redis.NewClient(opts(a)))
	}
	defer open.Range(func(_, v any) bool {
		v.(*redis.Client).Close()
		return true
	})
	open.Range(func(_, v any) bool {
		v.(*redis.Client).Ping(ctx)
		return true
	})
}

// What is replaced is closed, at once or later.
func (c *current) swap(addr string) {
	if old := c.conn.Swap(redis.NewClient(opts(addr))); old != nil {
		old.Close()
	}
}

func (c *current) swapLater(addr string) {
	old := c.conn.Swap(redis.NewClient(opts(addr)))
	if old != nil {
		time.AfterFunc(time.Minute, func() { _ = old.Close() })
	}
}

func (c *current) connectWell(addr string) error {
	rdb := redis.NewClient(opts(addr))
	if !c.conn.CompareAndSwap(nil, rdb) {
		return errors.Join(errors.New("connected already"), rdb.Close())
	}
	return nil
}

func (c *current) getWell(addr string) *redis.Client {
	for {
		if rdb := c.conn.Load(); rdb != nil {
			return rdb
		}
		rdb := redis.NewClient(opts(addr))
		if c.conn.CompareAndSwap(nil, rdb) {
			return rdb
		}
		rdb.Close()
	}
}

// A local one.
func local(addr string) error {
	var p atomic.Pointer[redis.Client]
	p.Store(redis.NewClient(opts(addr)))
	defer func() { p.Load().Close() }()
	return p.Load().Ping(ctx).Err()
}

// Package-level ones live as long as the program.
var (
	shared  atomic.Pointer[redis.Client]
	perAddr sync.Map
)

func start(addr string) {
	shared.Store(redis.NewClient(opts(addr)))
	perAddr.Store(addr, redis.NewClient(opts(addr)))
}

// A cell of connections that its owner closes.
type closing struct{ v atomic.Value }

func (c *closing) dial() error {
	conn, err := redigo.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	c.v.Store(conn)
	return nil
}

func (c *closing) Close() error {
	if conn, ok := c.v.Load().(redigo.Conn); ok {
		return conn.Close()
	}
	return nil
}

// Handed out to callers that are not seen: who gets it may close it.
type Registry struct {
	mu   sync.Mutex
	byID map[string]*redis.Client
}

func (r *Registry) Of(id string) *redis.Client {
	r.mu.Lock()
	defer r.mu.Unlock()
	rdb, ok := r.byID[id]
	if !ok {
		rdb = redis.NewClient(opts(id))
		r.byID[id] = rdb
	}
	return rdb
}

// Handed out to one that closes it.
type lending struct{ byID map[string]*redis.Client }

func (l *lending) of(id string) *redis.Client {
	rdb, ok := l.byID[id]
	if !ok {
		rdb = redis.NewClient(opts(id))
		l.byID[id] = rdb
	}
	return rdb
}

func (l *lending) end(id string) {
	l.of(id).Close()
	delete(l.byID, id)
}
