package fixes

import (
	"errors"

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

// Not where it is opened in a branch only.
func collectsPerhaps(on bool) error {
	c := &collector{}
	if on {
		c.connect() // want `c is never`
	}
	return c.collect()
}

// Nor where the error is looked at later, if at all.
func collectsAnyway(addr string) error {
	c := &collector{addr: addr}
	err := c.dial() // want `c is never`
	if c.addr == "" {
		return nil
	}
	return errors.Join(err, c.collect())
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
