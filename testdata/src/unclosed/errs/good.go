package errs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gomodule/redigo/redis"
)

// Nothing was opened where err is not nil.
func checked() error {
	conn, err := redis.Dial("tcp", addr)
	if err != nil {
		return fmt.Errorf("dial: %w", err)
	}
	defer conn.Close()
	_, err = conn.Do("PING")
	return err
}

// The inverted check.
func inverted() error {
	conn, err := redis.Dial("tcp", addr)
	if err == nil {
		defer conn.Close()
		_, err = conn.Do("PING")
	}
	return err
}

// The check with else.
func withElse() error {
	if conn, err := redis.Dial("tcp", addr); err != nil {
		return err
	} else {
		defer conn.Close()
	}
	return work()
}

// The connection itself is compared with nil.
func nilCompared() {
	conn, _ := redis.Dial("tcp", addr)
	if conn == nil {
		return
	}
	conn.Close()
}

// A compound check leaves no path with an open connection.
func compoundCheck() error {
	conn, err := redis.Dial("tcp", addr)
	if err != nil || conn == nil {
		return err
	}
	return conn.Close()
}

// A copy of err is as good as err.
func copiedErr() error {
	conn, err := redis.Dial("tcp", addr)
	failure := err
	if failure != nil {
		return failure
	}
	return conn.Close()
}

// switch on the error.
func switchOnErr() error {
	conn, err := redis.Dial("tcp", addr)
	switch {
	case err != nil:
		return err
	default:
		return conn.Close()
	}
}

// The second dial fails and the first is closed by its defer.
func secondFailsClosed() error {
	from, err := redis.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := redis.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer to.Close()
	return nil
}

// The second dial fails and the first is closed by hand.
func secondFailsByHand() error {
	from, err := redis.Dial("tcp", addr)
	if err != nil {
		return err
	}
	to, err := redis.Dial("tcp", addr)
	if err != nil {
		from.Close()
		return err
	}
	from.Close()
	return to.Close()
}

// A constructor that closes what it does not return.
func openStore() (*store, error) {
	conn, err := redis.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Do("AUTH", "secret"); err != nil {
		conn.Close()
		return nil, err
	}
	return &store{conn: conn}, nil
}

// The deferred guard on the named result.
func guardedStore() (s *store, err error) {
	conn, err := redis.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			conn.Close()
		}
	}()
	if _, err = conn.Do("AUTH", "secret"); err != nil {
		return nil, err
	}
	if err := work(); err != nil {
		return nil, fmt.Errorf("work: %w", err)
	}
	return &store{conn: conn}, nil
}

// A naked return with named results.
func nakedReturn() (conn redis.Conn, err error) {
	conn, err = redis.Dial("tcp", addr)
	if err != nil {
		return
	}
	if _, err = conn.Do("PING"); err != nil {
		conn.Close()
		conn = nil
	}
	return
}

// A success flag guards the deferred Close.
func successFlag() (*store, error) {
	conn, err := redis.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	ok := false
	defer func() {
		if !ok {
			conn.Close()
		}
	}()
	if err := work(); err != nil {
		return nil, err
	}
	ok = true
	return &store{conn: conn}, nil
}

// The pointer is taken away from the deferred Close.
func disarmed() (redis.Conn, error) {
	conn, err := redis.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	closing := conn
	defer func() {
		if closing != nil {
			closing.Close()
		}
	}()
	if err := work(); err != nil {
		return nil, err
	}
	closing = nil
	return conn, nil
}

// A retry loop that leaves with the first connection it gets.
func retry() error {
	var (
		conn redis.Conn
		err  error
	)
	for attempt := 0; attempt < 3; attempt++ {
		if conn, err = redis.Dial("tcp", addr); err == nil {
			break
		}
		time.Sleep(time.Duration(attempt) * time.Second)
	}
	if err != nil {
		return err
	}
	defer conn.Close()
	return work()
}

// A retry loop that returns from inside.
func retryReturns(ctx context.Context) (redis.Conn, error) {
	for {
		conn, err := redis.DialContext(ctx, "tcp", addr)
		if err == nil {
			return conn, nil
		}
		if ctx.Err() != nil {
			return nil, errors.Join(err, ctx.Err())
		}
	}
}

// A retry loop that closes the connections that do not answer.
func retryCloses() (redis.Conn, error) {
	var last error
	for attempt := 0; attempt < 3; attempt++ {
		conn, err := redis.Dial("tcp", addr)
		if err != nil {
			last = err
			continue
		}
		if _, err = conn.Do("PING"); err != nil {
			conn.Close()
			last = err
			continue
		}
		return conn, nil
	}
	return nil, last
}

// Closed where the error is wrapped and the function goes on.
func laterErrorsClosed(keys []string) (err error) {
	conn, err := redis.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := conn.Close(); err == nil {
			err = closeErr
		}
	}()
	for _, key := range keys {
		if _, err = conn.Do("DEL", key); err != nil {
			return err
		}
	}
	return nil
}

// The error of the dial is what a wrapper says about both results.
func passesBoth() (redis.Conn, error) { return redis.Dial("tcp", addr) }

// And its caller may rely on it.
func usesBoth() error {
	conn, err := passesBoth()
	if err != nil {
		return err
	}
	defer conn.Close()
	return work()
}

// Two errors joined are an error if one of them is.
func joined(rest error) (err error) {
	conn, err := redis.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = conn.Close()
		}
	}()
	if e := work(); e != nil {
		err = errors.Join(rest, e)
		return err
	}
	return conn.Close()
}

// The work is done: that something else could not be closed does not take the
// connection from the caller.
func besideCloseError() (conn redis.Conn, err error) {
	other, err := redis.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer func() {
		if closeErr := other.Close(); closeErr != nil {
			err = errors.Join(err, closeErr)
		}
	}()
	conn, err = redis.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return conn, nil
}

var errOther = errors.New("other")

// An error that is of some kind is not nil, also where a deferred literal
// shares it.
func refutedShared() (err error) {
	first, err := redis.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			first.Close()
		}
	}()
	second, err := redis.Dial("tcp", addr)
	if errors.Is(err, errOther) {
		return err
	}
	if err != nil {
		return err
	}
	second.Close()
	first.Close()
	return nil
}

// The same where a loop sets it twice.
func refutedInLoop(more func() bool) {
	for more() {
		err := work()
		if err != nil {
			continue
		}
		conn, err := redis.Dial("tcp", addr)
		if errors.Is(err, errOther) {
			continue
		}
		if err != nil {
			return
		}
		conn.Close()
	}
}

func withCleanup() (redis.Conn, func(), error) {
	conn, err := redis.Dial("tcp", addr)
	if err != nil {
		return nil, nil, err
	}
	return conn, func() { conn.Close() }, nil
}

// No second connection means that there was an error.
func nilMeansError() (err error) {
	_, cleanup, err := withCleanup()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			cleanup()
		}
	}()
	second, dialErr := redis.Dial("tcp", addr)
	if second == nil {
		return dialErr
	}
	second.Close()
	cleanup()
	return nil
}
