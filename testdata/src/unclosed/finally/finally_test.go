// Package finally shows what runs later: at the end of a test, or of a context.
package finally

import (
	"context"
	"testing"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{} }

// The cleanup does not close if something else fails.
func conditional(t *testing.T) {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	t.Cleanup(func() {
		if err := rdb.Ping(ctx).Err(); err != nil {
			t.Log(err)
			return
		}
		rdb.Close()
	})
	rdb.Ping(ctx)
}

// The other way round, by a helper's TB, with a connection.
func inverted(t testing.TB, pool *redigo.Pool) {
	conn := pool.Get() // want `conn is not closed on all paths`
	t.Cleanup(func() {
		if _, err := conn.Do("FLUSHDB"); err == nil {
			conn.Close()
		}
	})
	conn.Do("PING")
}

// Closed whatever happens.
func always(t *testing.T) {
	rdb := redis.NewClient(opts())
	t.Cleanup(func() {
		if err := rdb.Ping(ctx).Err(); err != nil {
			t.Log(err)
		}
		rdb.Close()
	})
}

// A deferred call of the cleanup's.
func deferred(t *testing.T) {
	rdb := redis.NewClient(opts())
	t.Cleanup(func() {
		defer rdb.Close()
		if err := rdb.Ping(ctx).Err(); err != nil {
			return
		}
		rdb.Ping(ctx)
	})
}

// A flag of the test: the cleanup knows.
func flagged(t *testing.T) {
	rdb := redis.NewClient(opts())
	closed := false
	t.Cleanup(func() {
		if !closed {
			rdb.Close()
		}
	})
	if rdb.Ping(ctx).Err() == nil {
		closed = true
		rdb.Close()
	}
}

// A test that has failed may leave what it likes.
func failed(t *testing.T) {
	rdb := redis.NewClient(opts())
	t.Cleanup(func() {
		if t.Failed() {
			return
		}
		rdb.Close()
	})
}

// Given to the caller, who has a cleanup, too.
func helper(t *testing.T) *redis.Client {
	rdb := redis.NewClient(opts())
	t.Cleanup(func() { rdb.Close() })
	return rdb
}

// What would close it is taken back.
func takenBack(ctx context.Context) error {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	stop := context.AfterFunc(ctx, func() { rdb.Close() })
	defer stop()
	return rdb.Ping(ctx).Err()
}

// On one path it is closed.
func takenBackAndClosed(ctx context.Context, pool *redigo.Pool) error {
	conn := pool.Get() // want `conn is not closed on all paths`
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if _, err := conn.Do("PING"); err != nil {
		return err
	}
	return conn.Close()
}

// Closed by a defer as well.
func both(ctx context.Context) error {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	stop := context.AfterFunc(ctx, func() { rdb.Close() })
	defer stop()
	return rdb.Ping(ctx).Err()
}

// Taken back, and closed if it has not run.
func asked(ctx context.Context) error {
	rdb := redis.NewClient(opts())
	stop := context.AfterFunc(ctx, func() { rdb.Close() })
	defer func() {
		if stop() {
			rdb.Close()
		}
	}()
	return rdb.Ping(ctx).Err()
}

// The context closes it.
func left(ctx context.Context) error {
	rdb := redis.NewClient(opts())
	context.AfterFunc(ctx, func() { rdb.Close() })
	return rdb.Ping(ctx).Err()
}

// It is the caller's by then.
func returned(ctx context.Context) *redis.Client {
	rdb := redis.NewClient(opts())
	stop := context.AfterFunc(ctx, func() { rdb.Close() })
	defer stop()
	return rdb
}
