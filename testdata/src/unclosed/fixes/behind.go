package fixes

import (
	"errors"
	"fmt"

	goredis "github.com/redis/go-redis/v9"
)

// A method opens what is used from then on, or does not.
type collector struct {
	addr string
	RDB  *goredis.Client
}

func (c *collector) connect() bool {
	if c.addr == "" {
		if c.RDB != nil {
			c.RDB.Close()
		}
		c.RDB = nil
		return false
	}
	c.RDB = goredis.NewClient(opts)
	return true
}

func (c *collector) dial() error {
	if c.addr == "" {
		return errors.New("no address")
	}
	c.RDB = goredis.NewClient(opts)
	return nil
}

func (c *collector) collect() error {
	if c.RDB == nil {
		return nil
	}
	return c.RDB.Ping(ctx).Err()
}

func collectsOnce(addr string) error {
	c := &collector{addr: addr}
	c.connect() // want `c is never`
	return c.collect()
}

func collectsChecked(addr string) error {
	var c collector
	c.addr = addr
	if err := c.dial(); err != nil { // want `c is never`
		return err
	}
	return c.collect()
}

func collectsAfterwards(addr string) error {
	c := &collector{addr: addr}
	err := c.dial() // want `c is never`
	if err != nil {
		return err
	}
	return c.collect()
}

// A function is given the address of what it fills.
func fillCollector(c *collector) { c.RDB = goredis.NewClient(opts) }

func collectsFilled() error {
	var c collector
	fillCollector(&c) // want `c is never`
	return c.collect()
}

// The error may be looked at later, since the new lines ask what is there.
func collectsAnyway(addr string) error {
	c := &collector{addr: addr}
	err := c.dial() // want `c is never`
	if c.addr == "" {
		return nil
	}
	return errors.Join(err, c.collect())
}

// Not where it is opened in a branch only.
func collectsPerhaps(on bool) error {
	c := &collector{}
	if on {
		c.connect() // want `c is never`
	}
	return c.collect()
}

// Nor where the variable is another's later.
func collectsAnother(addr string, other *collector) error {
	c := &collector{addr: addr}
	c.connect() // want `c is never`
	c = other
	return c.collect()
}

// Nor where the field may hold somebody else's client.
type borrower struct{ RDB *goredis.Client }

func (s *borrower) connect() { s.RDB = goredis.NewClient(opts) }

func (s *borrower) use(rdb *goredis.Client) { s.RDB = rdb }

func borrowsOnce() error {
	s := &borrower{}
	s.connect() // want `s is never`
	return s.RDB.Ping(ctx).Err()
}

// Nor where a goroutine goes on.
func collectsOn() {
	c := &collector{}
	c.connect() // want `c is never`
	go c.collect()
}

// Nor in a loop.
func collectsAll(addrs []string) {
	for _, addr := range addrs {
		c := &collector{addr: addr}
		c.connect() // want `c is never`
		c.collect()
	}
}

// The type has a method for it, which takes for granted that there is something
// to close.
type closable struct{ rdb *goredis.Client }

func (c *closable) connect(on bool) {
	if on {
		c.rdb = goredis.NewClient(opts)
	}
}

func (c *closable) Close() error { return c.rdb.Close() }

func connects(on bool) {
	c := &closable{}
	c.connect(on) // want `c is never`
	if c.rdb != nil {
		c.rdb.Ping(ctx)
	}
}

// This one asks, so it can be called whether there is something or not.
type asking struct{ rdb *goredis.Client }

func (a *asking) do(key string) (any, error) {
	if a.rdb == nil {
		if key == "" {
			return nil, errors.New("no key")
		}
		a.rdb = goredis.NewClient(opts)
	}
	return a.rdb.Get(ctx, key).Result()
}

func (a *asking) Close() {
	if a.rdb != nil {
		a.rdb.Close()
		a.rdb = nil
	}
}

func asksFor(key string) any {
	a := &asking{}
	a.do(key) // want `a is never`
	return key
}

func newAsking(key string) (asking, error) {
	a := asking{}
	answer, err := a.do(key) // want `a is not \w+ on all paths`
	if err == nil && answer.(string) != "1" {
		return asking{}, fmt.Errorf("unexpected answer %v", answer)
	}
	return a, err
}

// Another asks in the middle of it, and a third does not.
type askingLate struct {
	rdb   *goredis.Client
	calls int
}

func (a *askingLate) dial() error {
	if err := work(); err != nil {
		return err
	}
	a.rdb = goredis.NewClient(opts)
	return nil
}

func (a *askingLate) Close() error {
	if a.rdb == nil {
		return nil
	}
	return a.rdb.Close()
}

func newAskingLate() (*askingLate, error) {
	a := &askingLate{}
	if err := a.dial(); err != nil { // want `a is not \w+ on all paths`
		return nil, err
	}
	if err := work(); err != nil {
		return nil, err
	}
	return a, nil
}

type taking struct{ rdb *goredis.Client }

func (t *taking) dial() { t.rdb = goredis.NewClient(opts) }

func (t *taking) Close() error { return t.rdb.Close() }

func newTaking() (*taking, error) {
	t := &taking{}
	t.dial() // want `t is not closed on all paths`
	if err := work(); err != nil {
		return nil, err
	}
	return t, nil
}
