package lending

import "github.com/gomodule/redigo/redis"

// cluster hands bound connections to callbacks, and unbound ones to callers,
// which connect at their first command.
type cluster struct{ addrs []string }

type bound struct {
	cluster *cluster
	conn    redis.Conn
}

func (c *cluster) dial(addr string) (redis.Conn, error) { return redis.Dial("tcp", addr) }

func (c *cluster) each(work func(addr string, conn doer) error) error {
	for _, addr := range c.addrs {
		conn, err := c.dial(addr)
		if err != nil {
			return err
		}
		err = work(addr, &bound{cluster: c, conn: conn})
		conn.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *cluster) refresh() (n int, err error) {
	err = c.each(func(addr string, conn doer) error {
		_, err := conn.Do("CLUSTER", "SLOTS")
		n++
		return err
	})
	return n, err
}

func (c *cluster) get() *bound { return &bound{cluster: c} }

func (b *bound) connect() (conn redis.Conn, err error) {
	conn = b.conn
	if conn == nil {
		if _, err := b.cluster.refresh(); err != nil {
			return nil, err
		}
		c, err := b.cluster.dial(b.cluster.addrs[0])
		if err != nil {
			return nil, err
		}
		b.conn, conn = c, c
	}
	return conn, nil
}

func (b *bound) Do(name string, args ...any) (any, error) {
	conn, err := b.connect()
	if err != nil {
		return nil, err
	}
	return conn.Do(name, args...)
}

func (b *bound) Close() error {
	if b.conn == nil {
		return nil
	}
	return b.conn.Close()
}

// The first command connects, and nobody closes.
func firstCommand(c *cluster) error {
	b := c.get()
	_, err := b.Do("PING") // want `b is never closed`
	return err
}

// The same, closed.
func firstCommandClosed(c *cluster) error {
	b := c.get()
	defer b.Close()
	_, err := b.Do("PING")
	return err
}
