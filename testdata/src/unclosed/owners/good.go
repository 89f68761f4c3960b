package owners

import (
	"context"
	"errors"
	"sync"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

// The owner is stopped.
func stopped() string {
	s := newStore("a:")
	defer s.Stop()
	return s.get("k")
}

// The owner is stopped on the error path too.
func stoppedOnError() error {
	s := newStore("a:")
	if err := work(); err != nil {
		s.Stop()
		return err
	}
	s.Stop()
	return nil
}

// The owner built on the spot is stopped.
func builtHereStopped() string {
	s := &store{rdb: goredis.NewClient(opts())}
	defer s.Stop()
	return s.get("k")
}

// The client inside is closed directly.
func closedInside() string {
	s := newStore("a:")
	defer s.rdb.Close()
	return s.get("k")
}

// The owner of an owner is shut down.
func serverShutDown() error {
	srv, err := newServer("web")
	if err != nil {
		return err
	}
	defer srv.Shutdown(ctx)
	srv.serve()
	return nil
}

// The owner is handed to its caller.
func handed() *store {
	s := newStore("a:")
	s.get("warm")
	return s
}

// Handed on inside a bigger one.
func handedInside() *server {
	s := newStore("web:")
	return &server{store: s}
}

// pairOf closes both, whatever the first says.
type pairOf struct{ a, b *goredis.Client }

func newPairOf() *pairOf {
	p := &pairOf{}
	p.a = goredis.NewClient(opts())
	p.b = goredis.NewClient(opts())
	return p
}

func (p *pairOf) Close() error { return errors.Join(p.a.Close(), p.b.Close()) }

// careful closes what was opened.
type careful struct {
	rdb *goredis.Client
	sub *goredis.PubSub
}

func newCareful(listen bool) *careful {
	c := &careful{rdb: goredis.NewClient(opts())}
	if listen {
		c.sub = c.rdb.Subscribe(ctx, "news")
	}
	return c
}

func (c *careful) Close() error {
	if c.sub != nil {
		c.sub.Close()
	}
	if c.rdb == nil {
		return nil
	}
	return c.rdb.Close()
}

// onceClosed closes once only.
type onceClosed struct {
	rdb  *goredis.Client
	once sync.Once
	mu   sync.Mutex
}

func newOnceClosed() *onceClosed { return &onceClosed{rdb: goredis.NewClient(opts())} }

func (o *onceClosed) Close() (err error) {
	o.once.Do(func() { err = o.rdb.Close() })
	return err
}

// lazy opens at the first use.
type lazy struct {
	mu  sync.Mutex
	rdb *goredis.Client
}

func (l *lazy) client() *goredis.Client {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rdb == nil {
		l.rdb = goredis.NewClient(opts())
	}
	return l.rdb
}

// A getter of the field lends.
func (l *lazy) ping() error { return l.client().Ping(ctx).Err() }

func (l *lazy) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rdb == nil {
		return nil
	}
	err := l.rdb.Close()
	l.rdb = nil
	return err
}

// connected is opened by a method.
type connected struct{ conn redis.Conn }

func (c *connected) Connect() error {
	conn, err := redis.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	c.conn = conn
	return nil
}

func (c *connected) Disconnect() error { return c.conn.Close() }

// helperClosed closes by way of helpers.
type helperClosed struct{ clients []*goredis.Client }

func newHelperClosed(n int) *helperClosed {
	h := &helperClosed{}
	for i := 0; i < n; i++ {
		h.clients = append(h.clients, goredis.NewClient(opts()))
	}
	return h
}

func (h *helperClosed) each(f func(*goredis.Client)) {
	for _, c := range h.clients {
		f(c)
	}
}

func (h *helperClosed) Close() { h.each(func(c *goredis.Client) { c.Close() }) }

// runner closes at the end of its Run.
type runner struct{ rdb *goredis.Client }

func newRunner() *runner { return &runner{rdb: goredis.NewClient(opts())} }

func (r *runner) Run(n int) error {
	defer r.rdb.Close()
	return r.rdb.Set(ctx, "n", n, 0).Err()
}

func runs() error { return newRunner().Run(3) }

// The promoted Close of an embedded client.
func embeddedClosed() string {
	e := embedded{Client: goredis.NewClient(opts()), name: "e"}
	defer e.Close()
	return e.Get(ctx, "k").Val()
}

// The embedded client closed by its own name.
func embeddedClosedByName() string {
	e := &embedded{Client: goredis.NewClient(opts())}
	defer e.Client.Close()
	return e.Get(ctx, "k").Val()
}

// An owner embedded in another type.
type named struct {
	*store
	name string
}

func newNamed(name string) *named { return &named{store: newStore(name + ":"), name: name} }

func namedStopped() string {
	n := newNamed("n")
	defer n.Stop()
	return n.get("k")
}

// A value receiver ends it.
func handleDisconnected() error {
	h, err := openHandle()
	if err != nil {
		return err
	}
	defer h.Disconnect()
	return h.incr()
}

// The owner behind an interface is stopped.
func cacheStopped() string {
	c := newCache()
	defer c.Stop()
	return c.get("k")
}

// newBothCareful closes the first when the second fails.
func newBothCareful() (*both, error) {
	rdb := goredis.NewClient(opts())
	conn, err := redis.Dial("tcp", "cache:6379")
	if err != nil {
		rdb.Close()
		return nil, err
	}
	return &both{rdb: rdb, conn: conn}, nil
}

// newBothByOwner lets the half-built owner end itself.
func newBothByOwner() (_ *pairOf, err error) {
	p := newPairOf()
	defer func() {
		if err != nil {
			p.Close()
		}
	}()
	if err := work(); err != nil {
		return nil, err
	}
	return p, nil
}

// option fills in an owner.
type option func(*store)

func withClient(rdb *goredis.Client) option { return func(s *store) { s.rdb = rdb } }

// A functional option carries the client into the owner.
func optional() *store {
	s := &store{}
	withClient(goredis.NewClient(opts()))(s)
	return s
}

// borrower looks at a client that it was lent.
type borrower struct{ rdb *goredis.Client }

func newBorrower(rdb *goredis.Client) *borrower { return &borrower{rdb: rdb} }

func (b *borrower) count() int64 { return b.rdb.Exists(ctx, "k").Val() }

// The lender closes.
func lender() int64 {
	rdb := goredis.NewClient(opts())
	defer rdb.Close()
	return newBorrower(rdb).count()
}

// The owner takes what it is given and is closed.
func wrappedByOwner() string {
	rdb := goredis.NewClient(opts())
	s := &store{rdb: rdb}
	defer s.Stop()
	return s.get("k")
}

// The owner is kept by a field of the receiver.
type registry struct{ stores map[string]*store }

func (r *registry) add(name string) {
	r.stores[name] = newStore(name + ":")
}

func (r *registry) Close() {
	for name, s := range r.stores {
		s.Stop()
		delete(r.stores, name)
	}
}

// The fields are swapped under a lock, the old client is closed.
func (l *lazy) reconnect() error {
	fresh := goredis.NewClient(opts())
	if err := fresh.Ping(ctx).Err(); err != nil {
		fresh.Close()
		return err
	}
	l.mu.Lock()
	old := l.rdb
	l.rdb = fresh
	l.mu.Unlock()
	if old != nil {
		return old.Close()
	}
	return nil
}

// Two ways lead to the client, and one of them is long: that by which it is closed.
type wire struct{ rdb *goredis.Client }

type link struct{ w *wire }

type circuit struct {
	w *wire
	l *link
}

func newCircuit() *circuit {
	w := &wire{goredis.NewClient(&goredis.Options{})}
	return &circuit{w: w, l: &link{w}}
}

func (c *circuit) Close() error { return c.l.w.rdb.Close() }

type board struct{ c *circuit }

func newBoard() *board { return &board{newCircuit()} }

func (b *board) Close() error { return b.c.Close() }

func wired() error {
	b := newBoard()
	defer b.Close()
	return b.c.w.rdb.Ping(context.Background()).Err()
}
