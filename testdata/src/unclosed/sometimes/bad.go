// Package sometimes has methods that open something if their receiver says so,
// and give out what it keeps otherwise.
package sometimes

import (
	"errors"

	"github.com/gomodule/redigo/redis"
)

var verbosity int

type adapter struct {
	pool   *redis.Pool
	conn   redis.Conn
	shared bool
	key    string
}

func (a *adapter) get() redis.Conn {
	if a.pool != nil {
		return a.pool.Get()
	}
	return a.conn
}

func (a *adapter) put(conn redis.Conn) {
	if a.pool != nil {
		if conn != nil {
			conn.Close()
		}
	}
}

// With a pool it is the function's own.
func (a *adapter) forgets() error {
	conn := a.get() // want `conn is not closed on all paths: the return at line 39 leaves it open`
	if _, err := conn.Do("PING"); err != nil {
		return err
	}
	a.put(conn)
	return nil
}

func (a *adapter) defersLate(key string) error {
	conn := a.get() // want `conn is not closed on all paths`
	if key == "" {
		return errors.New("no key")
	}
	defer a.put(conn)
	_, err := conn.Do("GET", key)
	return err
}

func (a *adapter) putsIfVerbose() {
	conn := a.get() // want `conn is not closed on all paths`
	if verbosity > 0 {
		defer a.put(conn)
	}
	conn.Do("PING")
}

func (a *adapter) closesItself() {
	if a.pool == nil {
		return
	}
	conn := a.get() // want `conn is not closed on all paths`
	if _, err := conn.Do("PING"); err != nil {
		return
	}
	conn.Close()
}

// A flag may say it as well.
func (a *adapter) own() (redis.Conn, error) {
	if !a.shared {
		return redis.Dial("tcp", "cache:6379")
	}
	return a.conn, nil
}

func (a *adapter) forgetsOwn() error {
	conn, err := a.own() // want `conn is not closed on all paths`
	if err != nil {
		return err
	}
	if _, err := conn.Do("PING"); err != nil {
		return err
	}
	if !a.shared {
		conn.Close()
	}
	return nil
}
