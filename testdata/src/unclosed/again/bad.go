// Package again shows methods that open over what a constructor has opened, and
// fields that lend what they hold.
package again

import (
	"context"

	goredis "github.com/redis/go-redis/v9"
)

type store struct {
	addr   string
	Client *goredis.Client
}

// NewStore opens the client.
func NewStore(addr string) (*store, error) {
	s := &store{addr: addr}
	if err := s.configure(); err != nil {
		return nil, err
	}
	return s, nil
}

// Init opens another one over it.
func (s *store) Init(addr string) error {
	s.addr = addr
	return s.configure()
}

func (s *store) configure() error {
	opts, err := goredis.ParseURL(s.addr)
	if err != nil {
		return err
	}
	s.Client = goredis.NewClient(opts) // want `s.Client is overwritten while open: Init sets it again after NewStore did`
	return nil
}

// Close closes the last one.
func (s *store) Close() error { return s.Client.Close() }

// counter opens where nothing can go wrong.
type counter struct{ rdb *goredis.Client }

// NewCounter opens the client.
func NewCounter() *counter {
	c := &counter{}
	c.open()
	return c
}

// Reset opens another one over it.
func (c *counter) Reset() { c.open() }

func (c *counter) open() {
	c.rdb = goredis.NewClient(&goredis.Options{}) // want `c.rdb is overwritten while open: Reset sets it again after NewCounter did`
}

// Close closes the last one.
func (c *counter) Close() error { return c.rdb.Close() }

// node lends its client to code of this package that only uses it.
type node struct{ rdb *goredis.Client }

func newNode() *node {
	n := new(node)
	n.rdb = goredis.NewClient(&goredis.Options{}) // want `n.rdb is never closed: it is stored in node.rdb`
	return n
}

type nodes []*node

func (ns nodes) find(i int) *goredis.Client {
	for j, n := range ns {
		if i == j {
			return n.rdb
		}
	}
	return nil
}

func (ns nodes) ping(ctx context.Context) error { return ns.find(0).Ping(ctx).Err() }
