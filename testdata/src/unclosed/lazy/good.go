package lazy

import (
	"net/http"

	"github.com/redis/go-redis/v9"
)

// Its Close is deferred before it opens anything.
func closedLater() error {
	s := newSession("cache:6379")
	defer s.Close()
	conn, err := s.connection()
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

// The connection itself is closed.
func closedDirectly() error {
	s := newSession("cache:6379")
	conn, err := s.connection()
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Do("PING")
	return err
}

// Used twice, closed once.
func twice() error {
	s := newSession("cache:6379")
	defer s.Close()
	for _, cmd := range []string{"PING", "TIME"} {
		conn, err := s.connection()
		if err != nil {
			return err
		}
		if _, err := conn.Do(cmd); err != nil {
			return err
		}
	}
	return nil
}

// Of a session that somebody else owns.
func lentSession(s *session) error {
	conn, err := s.connection()
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

// handler keeps a service, and whoever stops the program shuts it down.
type handler struct{ svc *service }

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.svc.client().Incr(r.Context(), "hits")
}

func (h *handler) stop() { h.svc.Shutdown() }

// Handed to the caller, opened or not.
func opened() (*session, error) {
	s := newSession("cache:6379")
	if _, err := s.connection(); err != nil {
		return nil, err
	}
	return s, nil
}

// One of many, which are kept elsewhere.
var sessions = map[string]*session{}

func registered(addr string) error {
	s := newSession(addr)
	sessions[addr] = s
	_, err := s.connection()
	return err
}

// The product is closed.
func built() error {
	p, err := build().named("a").connect("cache:6379").done()
	if err != nil {
		return err
	}
	defer p.Close()
	return p.rdb.Ping(ctx).Err()
}

func builtInSteps() (*product, error) {
	b := build()
	b.connect("cache:6379")
	b.checked()
	return b.done()
}

// A constructor that tells somebody of what it makes, who stops it.
type listed struct{ rdb *redis.Client }

var all []*listed

func newListed() *listed {
	l := &listed{}
	all = append(all, l)
	return l
}

func (l *listed) connect() { l.rdb = redis.NewClient(opts()) }
func (l *listed) Close()   { l.rdb.Close() }

func useListed() {
	l := newListed()
	l.connect()
	l.rdb.Ping(ctx)
}

func closeAll() {
	for _, l := range all {
		l.Close()
	}
}

// What somebody else keeps is replaced in the second turn; he has the first.
type Latest struct{ Any any }

func keepLatest(l *Latest, work func() error) error {
	for range 2 {
		if err := work(); err != nil {
			return err
		}
		p, err := build().named("a").connect("cache:6379").done()
		if err != nil {
			return err
		}
		l.Any = p
	}
	return nil
}
