// Package fixes shows where a deferred release is inserted, and where not.
package fixes

import (
	"context"
	"errors"
	"fmt"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

var (
	ctx  = context.Background()
	opts = &goredis.Options{}
)

// Nothing can fail.
func straight() error {
	rdb := goredis.NewClient(opts) // want `rdb is never closed`
	return rdb.Ping(ctx).Err()
}

// Behind the error check of the opening.
func checked() error {
	conn, err := redis.Dial("tcp", "cache:6379") // want `conn is never closed`
	if err != nil {
		return fmt.Errorf("dial: %w", err)
	} // the connection is there

	_, err = conn.Do("PING")
	return err
}

// In several lines.
func lines() error {
	rdb := goredis.NewClient(&goredis.Options{ // want `rdb is never closed`
		Addr: "cache:6379",
	})
	return rdb.Ping(ctx).Err()
}

// By the cleanup function that the opening returns.
func cleanup(client rueidis.Client) error {
	c, cancel := client.Dedicate() // want `c is not (released|closed) on all paths`
	if err := c.Do(ctx, c.B().Ping().Build()).Error(); err != nil {
		return err
	}
	cancel()
	return nil
}

// Releases right before a return are superfluous then.
func superfluous(key string) error {
	conn, err := redis.Dial("tcp", "cache:6379") // want `conn is not closed on all paths`
	if err != nil {
		return err
	}
	if _, err := conn.Do("SET", key, 1); err != nil {
		conn.Close()
		return fmt.Errorf("set %s: %w", key, err)
	}
	if key == "" {
		return errors.New("no key")
	}
	conn.Close()
	return nil
}

// One whose error is looked at stays.
func looked() error {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	if err := rdb.Ping(ctx).Err(); err != nil {
		return err
	}
	return rdb.Close()
}

// One with work behind it stays: the connection is not kept any longer.
func early(pool *redis.Pool) error {
	conn := pool.Get() // want `conn is not closed on all paths`
	if _, err := conn.Do("PING"); err != nil {
		return err
	}
	conn.Close()
	return work()
}

// In a block.
func inBlock(warm bool) {
	if warm {
		rdb := goredis.NewClient(opts) // want `rdb is never closed`
		rdb.Ping(ctx)
	}
	switch {
	case !warm:
		rdb := goredis.NewClient(opts) // want `rdb is never closed`
		rdb.Ping(ctx)
	}
}

// In a literal.
func inLiteral() func() {
	return func() {
		rdb := goredis.NewClient(opts) // want `rdb is never closed`
		rdb.Ping(ctx)
	}
}

// A pool and its connection.
func both() error {
	pool := &redis.Pool{MaxIdle: 1} // want `pool is never closed`
	conn := pool.Get()              // want `conn is never closed`
	_, err := conn.Do("PING")
	return err
}

// By its field, since the owner has no method for it.
type opened struct{ Client *goredis.Client }

func openOne() (*opened, error) {
	return &opened{Client: goredis.NewClient(opts)}, nil
}

func byExportedField() error {
	o, err := openOne() // want `o is never closed`
	if err != nil {
		return err
	}
	return o.Client.Ping(ctx).Err()
}

// What is deferred too late is moved up.
func tooLate() error {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	if err := rdb.Ping(ctx).Err(); err != nil {
		return err
	}
	defer rdb.Close()

	return rdb.Set(ctx, "k", 1, 0).Err()
}

func work() error { return nil }
