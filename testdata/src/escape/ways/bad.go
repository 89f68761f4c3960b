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
		keep = rdb // want `rdb escapes its scope: keep keeps it after`
		return nil
	}); err != nil {
		return err
	}
	return keep.Ping(ctx).Err()
}

// A package-level variable.
func packageLevel() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		global = rdb // want `rdb escapes its scope: global keeps it after`
		return nil
	})
}

// A field.
func (s *store) field() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.rdb = rdb // want `rdb escapes its scope: s.rdb keeps it after`
		return nil
	})
}

// Behind an interface.
func (s *store) boxed() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.commands = rdb // want `rdb escapes its scope: s.commands keeps it after`
		return nil
	})
}

// A method as the callback.
func (s *store) keep(rdb *redis.Client) error {
	s.rdb = rdb // want `rdb escapes its scope: s.rdb keeps it after`
	return nil
}

func (s *store) method() error { return scopes.WithRedis(ctx, s.keep) }

// A pipeline that was not executed.
func (s *store) pipeline() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.pipe = rdb.Pipeline() // want `a handle on .* escapes its scope: s.pipe keeps it after`
		return nil
	})
}

// A subscription.
func (s *store) subscription() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.sub = rdb.Subscribe(ctx, "news") // want `a handle on .* escapes its scope: s.sub keeps it after`
		return nil
	})
}

// A clone shares the client's connections.
func (s *store) clone() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.rdb = rdb.WithTimeout(1) // want `a handle on rdb escapes its scope: s.rdb keeps it after`
		return nil
	})
}

// A map.
func (s *store) inMap() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.byName["a"] = rdb // want `rdb escapes its scope: s.byName\["a"\] keeps it after`
		return nil
	})
}

// A slice.
func inSlice() (all []*redis.Client, err error) {
	err = scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		all = append(all, rdb) // want `a handle on rdb escapes its scope: all keeps it after`
		return nil
	})
	return all, err
}

// A channel.
func sent(out chan<- *redis.Client) error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		out <- rdb // want `escapes its scope: it is sent on a channel`
		return nil
	})
}

// A result.
func returned() (*redis.Client, error) {
	return scopes.Query(ctx, func(rdb *redis.Client) (*redis.Client, error) {
		return rdb, nil // want `escapes its scope: the callback returns it`
	})
}

// By way of a variable of the callback.
func alias() error {
	var keep *redis.Client
	_ = keep
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		again := rdb
		keep = again // want `again escapes its scope: keep keeps it after`
		return nil
	})
}

// In a literal inside the callback.
func nested() error {
	var keep *redis.Client
	_ = keep
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		func() {
			keep = rdb // want `rdb escapes its scope: keep keeps it after`
		}()
		return nil
	})
}

// A transaction.
func transaction(rdb *redis.Client) (kept *redis.Tx, err error) {
	err = rdb.Watch(ctx, func(tx *redis.Tx) error {
		kept = tx // want `tx escapes its scope: kept keeps it after`
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
		keep = rdb // want `rdb escapes its scope: keep keeps it after`
	})
	return keep
}
