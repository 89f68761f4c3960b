// Package early defers releases before it is known that there is something.
package early

import (
	"context"
	"fmt"

	"afterclose/makers"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/rueidis"
)

var ctx = context.Background()

func dial() error {
	c, err := redigo.Dial("tcp", "a")
	defer c.Close() // want `c\.\w+ is deferred before err is checked, and c is nil if redis.Dial failed; move the defer below line 19`
	if err != nil {
		return err
	}
	return c.Err()
}

func newClient() error {
	client, err := rueidis.NewClient(rueidis.ClientOption{})
	defer client.Close() // want `is deferred before err is checked`
	if err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	return nil
}

func inLiteral() error {
	c, err := redigo.DialURL("redis://a")
	defer func() { // want `is deferred before err is checked`
		c.Close()
	}()
	if err != nil {
		return err
	}
	_, err = c.Do("PING")
	return err
}

func namedResult() (err error) {
	c, err := redigo.DialContext(ctx, "tcp", "a")
	defer c.Close() // want `is deferred before err is checked`
	if err != nil {
		return err
	}
	defer func() { _ = err }()
	return nil
}

func helper() error {
	c, err := connect()
	defer c.Close() // want `is deferred before err is checked`
	if err != nil {
		return err
	}
	return c.Err()
}

func connect() (redigo.Conn, error) {
	c, err := redigo.Dial("tcp", "a")
	if err != nil {
		return nil, err
	}
	return c, nil
}

func otherPackage() error {
	c, err := makers.Dial()
	defer c.Close() // want `is deferred before err is checked`
	if err != nil {
		return err
	}
	return c.Err()
}

func otherPackageNamed() error {
	rdb, err := makers.Named("a")
	defer rdb.Close() // want `is deferred before err is checked`
	if err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

func checkedLater() error {
	c, err := redigo.Dial("tcp", "a")
	defer c.Close() // want `is deferred before err is checked`
	prepare()
	switch {
	case err != nil:
		return err
	}
	return nil
}

func prepare() {}

// The pool's own dialer.
func byPool(pool *redigo.Pool) error {
	c, err := pool.Dial()
	defer c.Close() // want `is deferred before err is checked, and c is nil if Pool.Dial failed`
	if err != nil {
		return err
	}
	return c.Err()
}

// The maker returns the error that it has found to be nil.
func made() (redigo.Conn, error) {
	c, err := redigo.Dial("tcp", "a")
	if err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	if _, err := c.Do("PING"); err != nil {
		c.Close()
		return nil, err
	}
	return c, err
}

func ofMade() error {
	c, err := made()
	defer c.Close() // want `is deferred before err is checked`
	if err != nil {
		return err
	}
	return c.Err()
}
