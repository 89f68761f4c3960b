// Package kept is about who got to know an object before a client was put into it.
package kept

import (
	"context"
	"io"
	"sync"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

type session struct {
	name string
	rdb  *redis.Client
}

func (s *session) Close() error { return s.rdb.Close() }

var (
	mu     sync.Mutex
	byName = map[string]*session{}
	all    []*session
)

func stopAll() {
	mu.Lock()
	defer mu.Unlock()
	for _, s := range byName {
		s.Close()
	}
	for _, s := range all {
		s.Close()
	}
}

// In a map of the package, then opened.
func mapped(name string) string {
	s := &session{name: name}
	mu.Lock()
	byName[name] = s
	mu.Unlock()
	s.rdb = redis.NewClient(opts())
	return s.rdb.Get(ctx, name).Val()
}

// In a list.
func listed(name string) string {
	s := &session{name: name}
	all = append(all, s)
	s.rdb = redis.NewClient(opts())
	return s.rdb.Get(ctx, name).Val()
}

// In the list of another object.
type hub struct{ sessions []*session }

func (h *hub) Close() {
	for _, s := range h.sessions {
		s.Close()
	}
}

func (h *hub) add(s *session) { h.sessions = append(h.sessions, s) }

func (h *hub) open(name string) string {
	s := &session{name: name}
	h.add(s)
	s.rdb = redis.NewClient(opts())
	return s.rdb.Get(ctx, name).Val()
}

// By a func that nothing is known of.
func registered(register func(io.Closer), name string) string {
	s := &session{name: name}
	register(s)
	s.rdb = redis.NewClient(opts())
	return s.rdb.Get(ctx, name).Val()
}

// A func that closes what the variable will hold is registered first.
type closers struct{ list []func() error }

func (c *closers) add(f func() error) { c.list = append(c.list, f) }

func (c *closers) Close() {
	for _, f := range c.list {
		f()
	}
}

func captured(c *closers) error {
	var conn redigo.Conn
	c.add(func() error {
		if conn == nil {
			return nil
		}
		return conn.Close()
	})
	conn, err := redigo.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

func capturedBy(later func(func())) error {
	var rdb *redis.Client
	later(func() {
		if rdb != nil {
			rdb.Close()
		}
	})
	rdb = redis.NewClient(opts())
	return rdb.Ping(ctx).Err()
}

// A goroutine that was started before closes it.
func watched(stop <-chan struct{}) error {
	var rdb *redis.Client
	var once sync.WaitGroup
	once.Add(1)
	go func() {
		<-stop
		once.Wait()
		rdb.Close()
	}()
	rdb = redis.NewClient(opts())
	once.Done()
	return rdb.Ping(ctx).Err()
}

// Started twice, and stopped in the end.
func restartedAndStopped() error {
	var d dialler
	defer d.Stop()
	if err := d.Start(); err != nil {
		return err
	}
	return d.Restart()
}

// A meter keeps the pool as well, and both are replaced.
type metered struct {
	running bool
	pool    *redigo.Pool
	meter   *meter
}

type meter struct{ stats interface{ ActiveCount() int } }

func newMeter(p *redigo.Pool) *meter { return &meter{stats: p} }

func (m *metered) Start() error {
	if !m.running {
		m.pool = &redigo.Pool{MaxIdle: 3}
		conn := m.pool.Get()
		defer conn.Close()
		if _, err := conn.Do("PING"); err != nil {
			return err
		}
		m.meter = newMeter(m.pool)
		m.running = true
	}
	return nil
}

func (m *metered) Stop() error {
	if !m.running {
		return nil
	}
	m.running = false
	return m.pool.Close()
}

func (m *metered) Restart() error {
	if m.running {
		if err := m.Stop(); err != nil {
			return err
		}
	}
	return m.Start()
}

func restartedMetered() error {
	var m metered
	if err := m.Start(); err != nil {
		return err
	}
	defer m.Stop()
	return m.Restart()
}
