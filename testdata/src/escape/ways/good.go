package ways

import (
	"escape/scopes"
	"github.com/redis/go-redis/v9"
)

// The result of a command.
func result() (s string, err error) {
	err = scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s, err = rdb.Get(ctx, "k").Result()
		return err
	})
	return s, err
}

// A command that was run.
func command() (cmd *redis.StringCmd, err error) {
	err = scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		cmd = rdb.Get(ctx, "k")
		return cmd.Err()
	})
	return cmd, err
}

// A command as the result.
func commandReturned() (*redis.StringCmd, error) {
	return scopes.Query(ctx, func(rdb *redis.Client) (*redis.StringCmd, error) {
		return rdb.Get(ctx, "k"), nil
	})
}

// A variable of the callback.
func innerVariable() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		var again *redis.Client
		set := func() { again = rdb }
		set()
		return again.Ping(ctx).Err()
	})
}

// An object of the callback.
func innerObject() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s := &store{rdb: rdb}
		s.commands = rdb
		return s.rdb.Ping(ctx).Err()
	})
}

// A container of the callback.
func innerContainer() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		all := map[string]*redis.Client{"a": rdb}
		all["b"] = rdb
		return all["b"].Ping(ctx).Err()
	})
}

// A channel of the callback.
func innerChannel() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		c := make(chan *redis.Client, 1)
		c <- rdb
		return (<-c).Ping(ctx).Err()
	})
}

// Put back before the callback returns.
func (s *store) restored() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		s.rdb = rdb
		defer func() { s.rdb = nil }()
		return s.rdb.Ping(ctx).Err()
	})
}

// Handed to a function.
func ping(rdb *redis.Client) error { return rdb.Ping(ctx).Err() }

func handed() error { return scopes.WithRedis(ctx, ping) }

// Returned by a literal to the callback.
func returnedInside() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		get := func() *redis.Client { return rdb }
		return get().Ping(ctx).Err()
	})
}

// A parameter of a function that is no callback.
func (s *store) set(rdb *redis.Client) { s.rdb = rdb }

// A client that the callback opens itself.
func another() (keep *redis.Client, err error) {
	err = scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		keep = redis.NewClient(&redis.Options{})
		return rdb.Ping(ctx).Err()
	})
	return keep, err
}

// A helper that lends what it does not close.
func lend(rdb *redis.Client, fn func(*redis.Client)) { fn(rdb) }

func lentIsNoScope(rdb *redis.Client) (keep *redis.Client) {
	lend(rdb, func(rdb *redis.Client) { keep = rdb })
	return keep
}
