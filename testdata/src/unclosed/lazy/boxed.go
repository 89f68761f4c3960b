package lazy

import redigo "github.com/gomodule/redigo/redis"

// A line binds to a node at its first command. Its maker gives it out as an
// interface.
type line struct {
	node string
	conn redigo.Conn
}

type commander interface {
	Do(cmd string, args ...any) (any, error)
	Close() error
}

func dial(node string) commander { return &line{node: node} }

func (l *line) bind() (redigo.Conn, error) {
	if l.conn == nil {
		conn, err := redigo.Dial("tcp", l.node)
		if err != nil {
			return nil, err
		}
		l.conn = conn
	}
	return l.conn, nil
}

func (l *line) Bind() error {
	_, err := l.bind()
	return err
}

func (l *line) Do(cmd string, args ...any) (any, error) {
	conn, err := l.bind()
	if err != nil {
		return nil, err
	}
	return conn.Do(cmd, args...)
}

func (l *line) Close() error {
	if l.conn == nil {
		return nil
	}
	return l.conn.Close()
}

// Nothing closes it.
func boxedDropped() error {
	c := dial("cache:6379")
	_, err := c.Do("PING") // want `c is never closed`
	return err
}

// The first command opens, so it is known whose it is where a path forgets it.
func boxedSometimes(work func() bool) error {
	c := dial("cache:6379")
	_, err := c.Do("PING") // want `c is not closed on all paths`
	if err != nil {
		return err
	}
	if work() {
		return nil
	}
	return c.Close()
}

// The same of the type itself, and of a loop.
func assertedInLoop(nodes []string, skip func() bool) error {
	for _, node := range nodes {
		l := dial(node).(*line)
		if err := l.Bind(); err != nil { // want `l is not closed on all paths`
			return err
		}
		if skip() {
			continue
		}
		if err := l.Close(); err != nil {
			return err
		}
	}
	return nil
}

// Closed by its other name, before it has opened anything.
func asserted() error {
	c := dial("cache:6379")
	defer c.Close()
	return c.(*line).Bind()
}

func boxedClosed() error {
	c := dial("cache:6379")
	defer c.Close()
	if _, err := c.Do("PING"); err != nil {
		return err
	}
	_, err := c.Do("TIME")
	return err
}

// What it binds to was opened before, and belongs to the caller.
func over(conn redigo.Conn) commander { return &line{conn: conn} }

func overSomebodys(conn redigo.Conn, work func() bool) error {
	c := over(conn)
	_, err := c.Do("PING")
	if err != nil || work() {
		return err
	}
	return c.Close()
}

// A retrier keeps a line that it was given, and whoever made it closes it.
type retrier struct{ l *line }

func retrying(c commander) (*retrier, error) { return &retrier{c.(*line)}, nil }

func (r *retrier) Do(cmd string, args ...any) (any, error) {
	var v any
	var err error
	for range 3 {
		if v, err = r.l.Do(cmd, args...); err == nil {
			break
		}
	}
	return v, err
}

func retried() error {
	c := dial("cache:6379")
	defer c.Close()
	r, err := retrying(c)
	if err != nil {
		return err
	}
	_, err = r.Do("PING")
	return err
}
