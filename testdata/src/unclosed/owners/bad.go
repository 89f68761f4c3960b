// Package owners shows types that own a resource: whoever gets one must end it
// by whatever name its method has.
package owners

import (
	"context"
	"errors"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func opts() *goredis.Options { return &goredis.Options{Addr: "cache:6379"} }

func work() error { return errors.New("work") }

// store ends by Stop.
type store struct {
	rdb    *goredis.Client
	prefix string
}

func newStore(prefix string) *store {
	return &store{rdb: goredis.NewClient(opts()), prefix: prefix}
}

func (s *store) get(key string) string { return s.rdb.Get(ctx, s.prefix+key).Val() }

// Stop closes the client.
func (s *store) Stop() { _ = s.rdb.Close() }

// The user of the owner forgets it.
func dropped() string {
	s := newStore("a:") // want `s is never (stopped|closed)`
	return s.get("k")
}

// The owner is not even named.
func unnamed() string {
	return newStore("a:").get("k") // want `is discarded and can never be (stopped|closed)`
}

// The owner is forgotten on the error path.
func droppedOnError() error {
	s := newStore("a:") // want `s is not (stopped|closed) on all paths`
	if err := work(); err != nil {
		return err
	}
	s.Stop()
	return nil
}

// Built on the spot and forgotten.
func builtHere() string {
	s := &store{rdb: goredis.NewClient(opts())} // want `(is never (stopped|closed)|is discarded)`
	return s.get("k")
}

// Filled in step by step and forgotten.
func filledHere() string {
	s := &store{prefix: "b:"}
	s.rdb = goredis.NewClient(opts()) // want `is never (stopped|closed)`
	return s.get("k")
}

// server owns a store and ends by Shutdown.
type server struct {
	store *store
	name  string
}

func newServer(name string) (*server, error) {
	if name == "" {
		return nil, errors.New("no name")
	}
	return &server{store: newStore(name + ":"), name: name}, nil
}

func (s *server) serve() string { return s.store.get("page") }

// Shutdown stops the store.
func (s *server) Shutdown(ctx context.Context) error {
	s.store.Stop()
	return ctx.Err()
}

// The owner of an owner is forgotten.
func serverDropped() error {
	srv, err := newServer("web") // want `srv is never (shut down|closed|stopped|released)`
	if err != nil {
		return err
	}
	srv.serve()
	return nil
}

// twoClients.Close forgets the replica.
type twoClients struct{ primary, replica *goredis.Client }

func newTwoClients() *twoClients {
	return &twoClients{
		primary: goredis.NewClient(opts()),
		replica: goredis.NewClient(opts()), // want `is (never|not) closed|is discarded`
	}
}

func (t *twoClients) Close() error { return t.primary.Close() }

// listener.Close forgets the subscription.
type listener struct {
	rdb *goredis.Client
	sub *goredis.PubSub
}

func newListener(channel string) *listener {
	rdb := goredis.NewClient(opts())
	sub := rdb.Subscribe(ctx, channel) // want `sub is (never|not) closed`
	return &listener{rdb: rdb, sub: sub}
}

func (l *listener) next() (*goredis.Message, error) { return l.sub.ReceiveMessage(ctx) }

// Close closes the client alone.
func (l *listener) Close() error { return l.rdb.Close() }

// embedded gets its Close from the client.
type embedded struct {
	*goredis.Client
	name string
}

// The promoted Close is not called.
func embeddedDropped() string {
	e := embedded{Client: goredis.NewClient(opts()), name: "e"} // want `(is never closed|is discarded)`
	return e.Get(ctx, "k").Val()
}

// handle is passed by value.
type handle struct{ conn redis.Conn }

func openHandle() (handle, error) {
	conn, err := redis.Dial("tcp", "cache:6379")
	if err != nil {
		return handle{}, err
	}
	return handle{conn: conn}, nil
}

func (h handle) incr() error {
	_, err := h.conn.Do("INCR", "n")
	return err
}

func (h handle) Disconnect() { h.conn.Close() }

// A value that owns is forgotten like a pointer.
func handleDropped() error {
	h, err := openHandle() // want `h is never (closed|disconnected|released)`
	if err != nil {
		return err
	}
	return h.incr()
}

// both takes two resources; when the second fails, the first is lost.
type both struct {
	rdb  *goredis.Client
	conn redis.Conn
}

func newBoth() (*both, error) {
	rdb := goredis.NewClient(opts()) // want `rdb is (never|not) closed`
	conn, err := redis.Dial("tcp", "cache:6379")
	if err != nil {
		return nil, err
	}
	return &both{rdb: rdb, conn: conn}, nil
}

func (b *both) Close() error { return errors.Join(b.rdb.Close(), b.conn.Close()) }

// An owner that another constructor loses on its error path.
func newServerChecked() (*server, error) {
	s := newStore("web:") // want `s is (never|not) (stopped|closed)`
	if err := work(); err != nil {
		return nil, err
	}
	return &server{store: s}, nil
}

// cache is the interface of an owner.
type cache interface {
	get(key string) string
	Stop()
}

func newCache() cache { return newStore("c:") }

// An owner behind an interface is forgotten.
func cacheDropped() string {
	c := newCache() // want `c is never (stopped|closed)`
	return c.get("k")
}
