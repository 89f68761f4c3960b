package again

import (
	"context"

	goredis "github.com/redis/go-redis/v9"
)

// The old client is closed first.
type closing struct{ rdb *goredis.Client }

// NewClosing opens the client.
func NewClosing() *closing {
	c := &closing{}
	c.open()
	return c
}

// Reset opens another one.
func (c *closing) Reset() { c.open() }

func (c *closing) open() {
	if c.rdb != nil {
		_ = c.rdb.Close()
	}
	c.rdb = goredis.NewClient(&goredis.Options{})
}

// Close closes the last one.
func (c *closing) Close() error { return c.rdb.Close() }

// The method that opens again closes first.
type resetting struct{ rdb *goredis.Client }

// NewResetting opens the client.
func NewResetting() *resetting {
	r := &resetting{}
	r.open()
	return r
}

// Reset closes the old client, and opens another one.
func (r *resetting) Reset() {
	_ = r.Close()
	r.open()
}

func (r *resetting) open() { r.rdb = goredis.NewClient(&goredis.Options{}) }

// Close closes the last one.
func (r *resetting) Close() error { return r.rdb.Close() }

// A flag of the object decides.
type guarded struct {
	ready bool
	rdb   *goredis.Client
}

// NewGuarded opens the client.
func NewGuarded() *guarded {
	g := &guarded{}
	g.open()
	return g
}

// Ensure opens the client if there is none.
func (g *guarded) Ensure() {
	if g.ready {
		return
	}
	g.open()
}

func (g *guarded) open() {
	g.rdb = goredis.NewClient(&goredis.Options{})
	g.ready = true
}

// Close closes the client.
func (g *guarded) Close() error { return g.rdb.Close() }

// Only the constructor opens.
type once struct{ rdb *goredis.Client }

// NewOnce opens the client.
func NewOnce() *once {
	o := &once{}
	o.open()
	return o
}

// Get uses it.
func (o *once) Get(ctx context.Context) string { return o.rdb.Get(ctx, "k").Val() }

func (o *once) open() { o.rdb = goredis.NewClient(&goredis.Options{}) }

// Close closes the client.
func (o *once) Close() error { return o.rdb.Close() }

// The client is lent to somebody who closes it.
type lender struct{ rdb *goredis.Client }

func newLender() *lender {
	l := new(lender)
	l.rdb = goredis.NewClient(&goredis.Options{})
	return l
}

func (l *lender) client() *goredis.Client { return l.rdb }

func end(l *lender) error { return l.client().Close() }

// Another package may close what it gets.
type open struct{ rdb *goredis.Client }

func newOpen() *open {
	o := new(open)
	o.rdb = goredis.NewClient(&goredis.Options{})
	return o
}

// Client lends the client to other packages.
func (o *open) Client() *goredis.Client { return o.rdb }
