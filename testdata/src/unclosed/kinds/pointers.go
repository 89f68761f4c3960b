package kinds

import (
	"context"
	"errors"
	"io"

	"github.com/redis/go-redis/v9"
)

// What is added through a pointer to a slice, a map, an interface or another
// pointer stays in the variable that the pointer points to.

type stack []io.Closer

func (s *stack) push(c io.Closer) { *s = append(*s, c) }

func (s stack) Close() (err error) {
	for i := len(s) - 1; i >= 0; i-- {
		err = errors.Join(err, s[i].Close())
	}
	return err
}

func pushed() (err error) {
	var s stack
	defer func() { err = errors.Join(err, s.Close()) }()
	a := dial()
	s.push(a)
	s.push(dial())
	return a.Ping(context.Background()).Err()
}

func pushedAndForgotten() {
	var s stack
	s.push(dial()) // want `is never closed`
	for _, c := range s {
		use(c)
	}
}

func use(any) {}

func addTo(list *[]*redis.Client, c *redis.Client) { *list = append(*list, c) }

func listed() {
	var list []*redis.Client
	addTo(&list, dial())
	for _, c := range list {
		c.Close()
	}
}

func put(at **redis.Client) { *at = dial() }

func filled() {
	var c *redis.Client
	put(&c)
	defer c.Close()
	c.Ping(context.Background())
}

func filledAndForgotten() {
	var c *redis.Client
	put(&c) // want `c is never closed`
	c.Ping(context.Background())
}

func indirect(at ***redis.Client, c *redis.Client) { **at = c }

func filledTwiceRemoved() {
	var c *redis.Client
	p := &c
	indirect(&p, dial())
	c.Close()
}

func keep(at *io.Closer) { *at = dial() }

func kept() {
	var c io.Closer
	keep(&c)
	c.Close()
}

func index(m *map[string]*redis.Client, c *redis.Client) {
	if *m == nil {
		*m = map[string]*redis.Client{}
	}
	(*m)["a"] = c
}

func indexed() {
	var m map[string]*redis.Client
	index(&m, dial())
	for _, c := range m {
		c.Close()
	}
}
