package early

import (
	"afterclose/makers"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// Behind the check.
func behind() error {
	c, err := redigo.Dial("tcp", "a")
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Err()
}

// A pool gives a connection that can be closed in any case.
func fromPool(pool *redigo.Pool) error {
	c, err := pool.GetContext(ctx)
	defer c.Close()
	if err != nil {
		return err
	}
	_, err = c.Do("PING")
	return err
}

// The helper returns the client beside the error.
func checked() error {
	rdb, err := makers.Checked(nil)
	defer rdb.Close()
	if err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

// The literal asks whether there is anything.
func guarded() error {
	c, err := redigo.Dial("tcp", "a")
	defer func() {
		if c != nil {
			c.Close()
		}
	}()
	if err != nil {
		return err
	}
	return c.Err()
}

// Nobody looks at the error: that is for errcheck.
func unlooked() {
	c, _ := redigo.Dial("tcp", "a")
	defer c.Close()
	c.Do("PING")
}

// In the branch in which it succeeded.
func inBranch() {
	if c, err := redigo.Dial("tcp", "a"); err == nil {
		defer c.Close()
		c.Do("PING")
	}
}

// The later check is about another error.
func another() error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	err := rdb.Ping(ctx).Err()
	if err != nil {
		return err
	}
	return nil
}

// A helper that has checked.
func mustDial() redigo.Conn {
	c, err := redigo.Dial("tcp", "a")
	if err != nil {
		panic(err)
	}
	return c
}

func must() {
	c := mustDial()
	defer c.Close()
	if err := c.Err(); err != nil {
		return
	}
}

// What is deferred first has to do with something else.
func other(done func()) error {
	c, err := redigo.Dial("tcp", "a")
	defer done()
	if err != nil {
		return err
	}
	defer c.Close()
	return nil
}

// The maker returns an error with what it opened: it has not looked.
func pinged() (redigo.Conn, error) {
	c, err := redigo.Dial("tcp", "a")
	if err != nil {
		return nil, err
	}
	_, err = c.Do("PING")
	return c, err
}

func ofPinged() error {
	c, err := pinged()
	defer c.Close()
	if err != nil {
		return err
	}
	return c.Err()
}
