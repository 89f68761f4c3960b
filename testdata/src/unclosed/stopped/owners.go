package stopped

import (
	"errors"

	"github.com/redis/go-redis/v9"
)

// group closes its clients one by one, and gives up at the first error.
type group struct{ clients []*redis.Client }

func newGroup(addrs []string) *group {
	g := &group{}
	for _, addr := range addrs {
		g.clients = append(g.clients, client(addr)) // want `is not closed on all paths: group.Close can return before it closes clients`
	}
	return g
}

func (g *group) Close() error {
	for _, c := range g.clients {
		if err := c.Close(); err != nil {
			return err
		}
	}
	return nil
}

// registry fills a map when somebody asks, and leaves the loop after the first.
type registry struct {
	clients map[string]*redis.Client
	quick   bool
}

func (r *registry) get(addr string) string {
	c, ok := r.clients[addr]
	if !ok {
		c = redis.NewClient(&redis.Options{Addr: addr}) // want `c is not closed on all paths: registry.Close can return before it closes clients`
		r.clients[addr] = c
	}
	return c.Get(ctx, "k").Val()
}

func (r *registry) Close() {
	for _, c := range r.clients {
		_ = c.Close()
		if r.quick {
			break
		}
	}
}

// node is an owner in the map of another one.
type node struct{ rdb *redis.Client }

func (n *node) connect(addr string) {
	n.rdb = redis.NewClient(&redis.Options{Addr: addr}) // want `n.rdb is not closed on all paths: mesh.shutdown can return before it closes rdb`
}

func (n *node) ping() error { return n.rdb.Ping(ctx).Err() }

type mesh struct{ nodes map[string]*node }

func (m *mesh) add(addr string) error {
	n := &node{}
	n.connect(addr)
	m.nodes[addr] = n
	return n.ping()
}

func (m *mesh) shutdown() error {
	for _, n := range m.nodes {
		if n.rdb != nil {
			if err := n.rdb.Close(); err != nil {
				return err
			}
		}
	}
	return nil
}

// joined goes on after an error.
type joined struct{ clients []*redis.Client }

func newJoined(addrs []string) *joined {
	j := &joined{}
	for _, addr := range addrs {
		j.clients = append(j.clients, client(addr))
	}
	return j
}

func (j *joined) Close() (err error) {
	for _, c := range j.clients {
		if closeErr := c.Close(); closeErr != nil {
			err = errors.Join(err, closeErr)
			continue
		}
	}
	return err
}

// twice stops at the first error, and another method closes them all.
type twice struct{ clients []*redis.Client }

func newTwice(addrs []string) *twice {
	t := &twice{}
	for _, addr := range addrs {
		t.clients = append(t.clients, client(addr))
	}
	return t
}

func (t *twice) Close() error {
	for _, c := range t.clients {
		if err := c.Close(); err != nil {
			return err
		}
	}
	return nil
}

func (t *twice) Abort() {
	for _, c := range t.clients {
		_ = c.Close()
	}
}

// remains closes what is left when one could not be closed.
type remains struct{ clients []*redis.Client }

func newRest(addrs []string) *remains {
	r := &remains{}
	for _, addr := range addrs {
		r.clients = append(r.clients, client(addr))
	}
	return r
}

func (r *remains) Close() error {
	for i, c := range r.clients {
		if err := c.Close(); err != nil {
			for _, c := range r.clients[i+1:] {
				_ = c.Close()
			}
			return err
		}
	}
	return nil
}

// chosen closes the one that it is asked for, and whoever has it closes each.
type chosen struct{ nodes []*named }

type named struct {
	name string
	rdb  *redis.Client
	idle bool
}

func newChosen(addrs []string) *chosen {
	c := &chosen{}
	for _, addr := range addrs {
		c.nodes = append(c.nodes, &named{name: addr, rdb: client(addr)})
	}
	return c
}

func (c *chosen) Remove(name string) error {
	for _, n := range c.nodes {
		if n.name == name {
			return n.rdb.Close()
		}
	}
	return nil
}

// idle closes one of those that are not needed at each call.
type idle struct{ nodes []*named }

func newIdle(addrs []string) *idle {
	c := &idle{}
	for _, addr := range addrs {
		c.nodes = append(c.nodes, &named{name: addr, rdb: client(addr)})
	}
	return c
}

func (c *idle) done(i int) { c.nodes[i].idle = true }

func (c *idle) Reap() {
	for _, n := range c.nodes {
		if n.idle {
			_ = n.rdb.Close()
			return
		}
	}
}
