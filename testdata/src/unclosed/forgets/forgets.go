// Package forgets is about types with a method that ends them and forgets what
// they hold, although they give it out, or keep it in several places.
package forgets

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func client(addr string) *redis.Client { return redis.NewClient(&redis.Options{Addr: addr}) }

// kit lends its client to whoever needs more than it offers. It has a Close, so
// whoever has it closes the kit.
type kit struct {
	rdb  redis.UniversalClient
	done chan struct{}
}

func newKit() *kit {
	rdb := redis.NewUniversalClient(&redis.UniversalOptions{}) // want `rdb is never closed: kit.Close does not close rdb`
	return &kit{rdb: rdb, done: make(chan struct{})}
}

func (k *kit) Raw() redis.UniversalClient { return k.rdb }

func (k *kit) Close() error {
	close(k.done)
	return nil
}

// Shards keeps its clients in two lists, one of those that work.
type Shards struct {
	all, alive []*member
	done       chan struct{}
}

type member struct {
	rdb     *redis.Client
	evicted bool
}

func NewShards(addrs []string) *Shards {
	s := &Shards{all: make([]*member, len(addrs)), done: make(chan struct{})}
	for i, addr := range addrs {
		rdb := client(addr) // want `rdb is never closed`
		s.all[i] = &member{rdb: rdb}
	}
	s.alive = s.all
	go s.watch()
	return s
}

func (s *Shards) watch() {
	for {
		select {
		case <-s.done:
			return
		default:
		}
		var alive []*member
		for _, m := range s.all {
			if !m.evicted {
				alive = append(alive, m)
			}
		}
		s.alive = alive
	}
}

func (s *Shards) pick() *redis.Client { return s.alive[0].rdb }

func (s *Shards) Conn() *redis.Client { return s.pick() }

func (s *Shards) Close() { close(s.done) }

// service opens a pool with its own methods, and shows it to a collector.
type service struct {
	pool      *redigo.Pool
	Collector *collector
	addr      string
	running   bool
}

type stats interface{ ActiveCount() int }

type collector struct{ pool stats }

func newCollector(pool stats) *collector { return &collector{pool: pool} }

func (c *collector) Collect() int { return c.pool.ActiveCount() }

func (s *service) dial() (redigo.Conn, error) { return redigo.Dial("tcp", s.addr) }

func (s *service) Start() error {
	s.pool = &redigo.Pool{Dial: s.dial} // want `s.pool is never closed`
	s.Collector = newCollector(s.pool)
	s.running = true
	return nil
}

func (s *service) Stop() error {
	s.running = false
	return nil
}

// The same, which closes.
type closing struct {
	pool      *redigo.Pool
	Collector *collector
	addr      string
}

func (s *closing) dial() (redigo.Conn, error) { return redigo.Dial("tcp", s.addr) }

func (s *closing) Start() error {
	s.pool = &redigo.Pool{Dial: s.dial}
	s.Collector = newCollector(s.pool)
	return nil
}

func (s *closing) Stop() error { return s.pool.Close() }

// provider has nothing that ends it: who gets the client closes it.
type provider struct{ rdb *redis.Client }

func NewProvider() *provider { return &provider{rdb: client("a")} }

func (p *provider) Client() *redis.Client { return p.rdb }

// handing gives its client away: it has none then.
type handing struct{ rdb *redis.Client }

func newHanding() *handing { return &handing{rdb: client("a")} }

func (h *handing) Take() *redis.Client {
	rdb := h.rdb
	h.rdb = nil
	return rdb
}

func (h *handing) Close() error { return nil }

// free gives out what it has, one after the other.
type free struct{ list []*redis.Client }

func newFree(n int) *free {
	f := &free{}
	for range n {
		f.list = append(f.list, client("a"))
	}
	return f
}

func (f *free) Get() *redis.Client {
	c := f.list[len(f.list)-1]
	f.list = f.list[:len(f.list)-1]
	return c
}

func (f *free) Close() error { return nil }

// queued gives them out by a channel.
type queued struct{ free chan *redis.Client }

func newQueued(n int) *queued {
	q := &queued{free: make(chan *redis.Client, n)}
	for range n {
		q.free <- client("a")
	}
	return q
}

func (q *queued) Get() *redis.Client { return <-q.free }

func (q *queued) Close() error { return nil }

// named gives them out by name, for good.
type named struct{ byName map[string]*redis.Client }

func newNamed(names []string) *named {
	n := &named{byName: map[string]*redis.Client{}}
	for _, name := range names {
		n.byName[name] = client(name)
	}
	return n
}

func (n *named) Remove(name string) *redis.Client {
	c := n.byName[name]
	delete(n.byName, name)
	return c
}

func (n *named) Close() error { return nil }

// closed is closed by those who asked for its client.
type closed struct{ rdb *redis.Client }

func newClosed() *closed { return &closed{rdb: client("a")} }

func (c *closed) client() *redis.Client { return c.rdb }

func (c *closed) Close() error { return nil }

func use() error {
	c := newClosed()
	defer c.client().Close()
	return c.client().Ping(ctx).Err()
}
