package holders

import (
	"sync"

	"escape/scopes"
	"github.com/redis/go-redis/v9"
)

// A literal that is called.
func called() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		get := func(k string) string { return rdb.Get(ctx, k).Val() }
		return rdb.Set(ctx, "a", get("b"), 0).Err()
	})
}

// A literal that is handed on.
func each(keys []string, fn func(string)) {
	for _, k := range keys {
		fn(k)
	}
}

func handed(keys []string) error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		each(keys, func(k string) { rdb.Incr(ctx, k) })
		return nil
	})
}

// Functions that keep a client for a while.
func (s *service) lets() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.use(rdb)
		defer s.use(nil)
		return rdb.Ping(ctx).Err()
	})
}

// An object of the callback that keeps it.
func keepsInside() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s := &service{repo: &repo{}}
		s.use(rdb)
		return rdb.Ping(ctx).Err()
	})
}

// A function that waits for its goroutine.
func waited() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		scopes.Warm(rdb)
		return nil
	})
}

// A deferred literal.
func deferred() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		defer func() { rdb.Incr(ctx, "n") }()
		return rdb.Ping(ctx).Err()
	})
}

// A stored literal that does not use the client.
func (s *service) result() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		name := rdb.Get(ctx, "name").Val()
		s.get = func(string) string { return name }
		return nil
	})
}

// An object of the callback, and what it says.
func inner() (name string, err error) {
	err = scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		r := newRepo(rdb)
		name = r.name()
		return nil
	})
	return name, err
}

// A list of the callback.
func list() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s := &service{}
		s.all = append(s.all, newRepo(rdb))
		return rdb.Ping(ctx).Err()
	})
}

// An iterator that is used up.
func iterated() (keys []string, err error) {
	err = scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		it := rdb.Scan(ctx, 0, "*", 0).Iterator()
		for it.Next(ctx) {
			keys = append(keys, it.Val())
		}
		return it.Err()
	})
	return keys, err
}

// A literal that is taken back.
func (s *service) restored() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.get = func(k string) string { return rdb.Get(ctx, k).Val() }
		defer func() { s.get = nil }()
		return rdb.Ping(ctx).Err()
	})
}

// A map of the callback, and results in one outside.
func results(values *sync.Map) error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		var own sync.Map
		own.Store("a", rdb)
		values.Store("name", rdb.Get(ctx, "name").Val())
		return nil
	})
}

// A returned literal that belongs to the callback.
func makes() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		make := func() func() error {
			return func() error { return rdb.Ping(ctx).Err() }
		}
		return make()()
	})
}

// A value with the result of a command in it.
type reply struct {
	cmd  *redis.StringCmd
	name string
}

func replies() (*reply, error) {
	return scopes.Query(ctx, func(rdb *redis.Client) (*reply, error) {
		cmd := rdb.Get(ctx, "name")
		return &reply{cmd, cmd.Val()}, cmd.Err()
	})
}

// A pipeline that was executed.
func executed() (cmds []redis.Cmder, err error) {
	err = scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		pipe := rdb.Pipeline()
		pipe.Incr(ctx, "n")
		cmds, err = pipe.Exec(ctx)
		return err
	})
	return cmds, err
}
