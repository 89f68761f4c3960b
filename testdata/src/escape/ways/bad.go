// Package ways shows how a client leaves its scope, and what may leave.
package ways

import (
	"context"

	"escape/scopes"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

var global *redis.Client

type store struct {
	rdb      *redis.Client
	commands redis.Cmdable
	pipe     redis.Pipeliner
	sub      *redis.PubSub
	byName   map[string]*redis.Client
}

// An outer variable.
func outerVariable() error {
	var keep *redis.Client
	if err := scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		keep = rdb // want `rdb is kept in keep outside the scope that closes it`
		return nil
	}); err != nil {
		return err
	}
	return keep.Ping(ctx).Err()
}

// A package-level variable.
func packageLevel() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		global = rdb // want `rdb is kept in global outside the scope`
		return nil
	})
}

// A field.
func (s *store) field() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.rdb = rdb // want `rdb is kept in s.rdb outside the scope`
		return nil
	})
}

// Behind an interface.
func (s *store) boxed() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.commands = rdb // want `rdb is kept in s.commands outside the scope`
		return nil
	})
}

// A method as the callback.
func (s *store) keep(rdb *redis.Client) error {
	s.rdb = rdb // want `rdb is kept in s.rdb outside the scope`
	return nil
}

func (s *store) method() error { return scopes.WithRedis(ctx, s.keep) }

// A pipeline that was not executed.
func (s *store) pipeline() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.pipe = rdb.Pipeline() // want `a handle on the scope's client is kept in s.pipe outside the scope`
		return nil
	})
}

// A subscription.
func (s *store) subscription() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.sub = rdb.Subscribe(ctx, "news") // want `a handle on the scope's client is kept in s.sub`
		return nil
	})
}

// A clone shares the client's connections.
func (s *store) clone() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.rdb = rdb.WithTimeout(1) // want `is kept in s.rdb outside the scope`
		return nil
	})
}

// A map.
func (s *store) inMap() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.byName["a"] = rdb // want `rdb is kept in s.byName\["a"\] outside the scope`
		return nil
	})
}

// A slice.
func inSlice() (all []*redis.Client, err error) {
	err = scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		all = append(all, rdb) // want `is kept in all outside the scope`
		return nil
	})
	return all, err
}

// A channel.
func sent(out chan<- *redis.Client) error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		out <- rdb // want `is sent out of the scope that closes it`
		return nil
	})
}

// A result.
func returned() (*redis.Client, error) {
	return scopes.Query(ctx, func(rdb *redis.Client) (*redis.Client, error) {
		return rdb, nil // want `is returned by the scope's callback`
	})
}

// By way of a variable of the callback.
func alias() error {
	var keep *redis.Client
	_ = keep
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		again := rdb
		keep = again // want `again is kept in keep outside the scope`
		return nil
	})
}

// In a literal inside the callback.
func nested() error {
	var keep *redis.Client
	_ = keep
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		func() {
			keep = rdb // want `rdb is kept in keep outside the scope`
		}()
		return nil
	})
}

// A transaction.
func transaction(rdb *redis.Client) (kept *redis.Tx, err error) {
	err = rdb.Watch(ctx, func(tx *redis.Tx) error {
		kept = tx // want `tx is kept in kept outside the scope`
		return nil
	}, "k")
	return kept, err
}

// A scope of this package.
func withRedis(fn func(*redis.Client)) {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	fn(rdb)
}

func ownScope() (keep *redis.Client) {
	withRedis(func(rdb *redis.Client) {
		keep = rdb // want `rdb is kept in keep outside the scope`
	})
	return keep
}
