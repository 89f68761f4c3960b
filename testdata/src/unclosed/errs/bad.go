// Package errs shows what an error says about a resource: nothing was opened,
// or nothing at all.
package errs

import (
	"errors"

	"github.com/gomodule/redigo/redis"
)

const addr = "cache:6379"

func work() error { return errors.New("work") }

type store struct{ conn redis.Conn }

func (s *store) Close() error { return s.conn.Close() }

// The same variable, another error: this one says nothing about conn.
func reusedErr() error {
	conn, err := redis.Dial("tcp", addr) // want `conn is not closed on all paths`
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	if err != nil {
		return err
	}
	return conn.Close()
}

// A nested err shadows the one of the dial.
func shadowedErr() error {
	conn, err := redis.Dial("tcp", addr) // want `conn is not closed on all paths`
	if err != nil {
		return err
	}
	if err := work(); err != nil {
		return err
	}
	return conn.Close()
}

// The second dial fails and nobody closes the first.
func secondFails() error {
	from, err := redis.Dial("tcp", addr) // want `from is not closed on all paths`
	if err != nil {
		return err
	}
	to, err := redis.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer from.Close()
	defer to.Close()
	return nil
}

// The result is closed only when an unrelated error is nil.
func closedIfNoError() error {
	conn, err := redis.Dial("tcp", addr) // want `conn is not closed on all paths`
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	if err == nil {
		conn.Close()
	}
	return err
}

// Opened inside err == nil, and left by a return there.
func invertedCheck() error {
	conn, err := redis.Dial("tcp", addr) // want `conn is not closed on all paths`
	if err == nil {
		if _, err := conn.Do("PING"); err != nil {
			return err
		}
		conn.Close()
	}
	return err
}

// A constructor that opens, pings, fails and forgets.
func newStore() (*store, error) {
	conn, err := redis.Dial("tcp", addr) // want `conn is (never|not) closed`
	if err != nil {
		return nil, err
	}
	if _, err := conn.Do("AUTH", "secret"); err != nil {
		return nil, err
	}
	return &store{conn: conn}, nil
}

// The deferred guard looks at an err that the returns do not set.
func wrongGuard() (_ *store, failure error) {
	conn, failure := redis.Dial("tcp", addr) // want `conn is not closed on all paths`
	if failure != nil {
		return nil, failure
	}
	var err error
	defer func() {
		if err != nil {
			conn.Close()
		}
	}()
	if _, pingErr := conn.Do("PING"); pingErr != nil {
		return nil, pingErr
	}
	return &store{conn: conn}, nil
}

// The last attempt of a retry loop is closed, the failed ones are not.
func retryForgets() error {
	var conn redis.Conn
	for attempt := 0; attempt < 3; attempt++ {
		var err error
		conn, err = redis.Dial("tcp", addr) // want `conn is (not closed on all paths|overwritten)`
		if err != nil {
			continue
		}
		if _, err = conn.Do("PING"); err == nil {
			break
		}
	}
	if conn == nil {
		return errors.New("no connection")
	}
	return conn.Close()
}

// The error is looked at, the connection is not.
func onlyTheError() error {
	_, err := redis.Dial("tcp", addr) // want `is discarded and can never be closed`
	return err
}

// The error is ignored, and so is the connection in the end.
func ignoredError() {
	conn, _ := redis.Dial("tcp", addr) // want `conn is never closed`
	conn.Do("INCR", "visits")
}

// A guard that tests a sentinel instead of nil.
func sentinelCheck() error {
	conn, err := redis.Dial("tcp", addr) // want `conn is not closed on all paths`
	if err != nil {
		return err
	}
	if _, err := redis.String(conn.Do("GET", "k")); errors.Is(err, redis.ErrNil) {
		return nil
	}
	return conn.Close()
}

// No errors joined are no error.
func joinedNil() (err error) {
	conn, err := redis.Dial("tcp", addr) // want `conn is never closed`
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = conn.Close()
		}
	}()
	err = errors.Join(nil, nil)
	return err
}
