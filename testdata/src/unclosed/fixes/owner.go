package fixes

import (
	goredis "github.com/redis/go-redis/v9"
)

// Close forgets a field.
type twoClients struct {
	main, replica *goredis.Client
}

func newTwoClients() *twoClients {
	return &twoClients{
		main:    goredis.NewClient(opts),
		replica: goredis.NewClient(opts), // want `does not (close|stop|release) replica`
	}
}

func (t *twoClients) Close() error {
	return t.main.Close()
}

func useTwoClients() {
	t := newTwoClients()
	defer t.Close()
	t.main.Ping(ctx)
	t.replica.Ping(ctx)
}

// What the field holds is not always its owner's.
type sometimes struct {
	main, shared *goredis.Client
}

func newSometimes() *sometimes {
	return &sometimes{
		main:   goredis.NewClient(opts),
		shared: goredis.NewClient(opts), // want `does not (close|stop|release) shared`
	}
}

func sometimesOf(rdb *goredis.Client) *sometimes {
	return &sometimes{main: goredis.NewClient(opts), shared: rdb}
}

func (s *sometimes) Close() error { return s.main.Close() }

func useSometimes(rdb *goredis.Client) {
	s := newSometimes()
	defer s.Close()
	o := sometimesOf(rdb)
	defer o.Close()
	s.shared.Ping(ctx)
}

// No method closes it.
type noCloser struct{ rdb *goredis.Client }

func newNoCloser() *noCloser {
	return &noCloser{rdb: goredis.NewClient(opts)} // want `and nothing \w+ it there`
}

func (n *noCloser) ping() error { return n.rdb.Ping(ctx).Err() }

// What else the type does with the field is only use, though not all of it is
// understood.
type healthChecked struct {
	main, health *goredis.Client
}

func newHealthChecked() *healthChecked {
	return &healthChecked{
		main:   goredis.NewClient(opts),
		health: goredis.NewClient(opts), // want `does not (close|stop|release) health`
	}
}

func (c *healthChecked) Close() error {
	return c.main.Close()
}

func (c *healthChecked) Check() error {
	conn := c.health.Conn()
	defer closeConn(&conn)
	return conn.Ping(ctx).Err()
}

func closeConn(conn **goredis.Conn) { (*conn).Close() }

func useChecked() {
	c := newHealthChecked()
	defer c.Close()
	c.Check()
}
