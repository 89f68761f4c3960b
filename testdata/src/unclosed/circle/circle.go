// Package circle is about functions that are asked what they open while that is
// being found out of one that they call.
package circle

import redigo "github.com/gomodule/redigo/redis"

// A cluster keeps a pool for each node. Whether one of its methods closes them is
// asked of all of them, of those too that open by way of to.
type cluster struct {
	nodes []string
	pools map[string]*redigo.Pool
}

func (c *cluster) Refresh() error {
	conn, err := c.to(c.nodes[0])
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Do("CLUSTER", "SLOTS")
	return err
}

func (c *cluster) Close() {
	for _, p := range c.pools {
		p.Close()
	}
}

func (c *cluster) to(node string) (redigo.Conn, error) {
	p := c.pools[node]
	if p == nil {
		p = &redigo.Pool{Dial: func() (redigo.Conn, error) { return redigo.Dial("tcp", node) }}
		c.pools[node] = p
	}
	conn := p.Get()
	return conn, conn.Err()
}

func (c *cluster) slot(n int) (redigo.Conn, error) { return c.to(c.nodes[n%len(c.nodes)]) }

func (c *cluster) any() (redigo.Conn, error) { return c.slot(len(c.nodes)) }

func forgotten(c *cluster) error {
	conn, err := c.slot(7) // want `conn is never closed`
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

func forgottenFurther(c *cluster) error {
	conn, err := c.any() // want `conn is never closed`
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	return err
}

func closed(c *cluster) error {
	conn, err := c.any()
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Do("PING")
	return err
}
