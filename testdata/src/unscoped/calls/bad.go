// Package calls shows commands inside and outside of scopes.
package calls

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
	"unscoped/queries"
	"unscoped/scopes"
)

var ctx = context.Background()

var options = &redis.Options{Addr: "cache:6379"}

// withRedis is the package's scope.
func withRedis(fn func(rdb *redis.Client) error) error {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	return fn(rdb)
}

var shared *redis.Client

type repo struct {
	rdb      *redis.Client
	commands redis.Cmdable
}

// A client in a field.
func (r *repo) field() error {
	return r.rdb.Get(ctx, "k").Err() // want `r\.rdb\.Get runs( Redis commands)? outside a scope; call it inside (a scope such as )?.*`
}

// A client in a field, behind an interface.
func (r *repo) fieldInterface() error {
	return r.commands.Get(ctx, "k").Err() // want `r\.commands\.Get runs( Redis commands)? outside a scope`
}

// A package-level client.
func packageLevel() error {
	return shared.Ping(ctx).Err() // want `shared\.Ping runs( Redis commands)? outside a scope`
}

// A client that the function opens itself, and closes if nothing panics.
func local() error {
	rdb := redis.NewClient(options)
	err := rdb.Set(ctx, "k", 1, 0).Err() // want `rdb\.Set runs( Redis commands)? outside a scope`
	return errors.Join(err, rdb.Close())
}

// Every command of several.
func (r *repo) several() error {
	rdb := r.rdb
	rdb.Incr(ctx, "n")                  // want `rdb\.Incr runs( Redis commands)? outside a scope`
	if rdb.Del(ctx, "k").Err() != nil { // want `rdb\.Del runs( Redis commands)? outside a scope`
		return errors.New("del")
	}
	return nil
}

// Inside a callback, but another client.
func (r *repo) otherClient() error {
	return withRedis(func(rdb *redis.Client) error {
		return r.rdb.Get(ctx, "k").Err() // want `r\.rdb\.Get runs( Redis commands)? outside a scope`
	})
}

// Inside a callback, once with each client.
func (r *repo) bothClients() error {
	return withRedis(func(rdb *redis.Client) error {
		value := r.rdb.Get(ctx, "k").Val() // want `r\.rdb\.Get runs( Redis commands)? outside a scope`
		return rdb.Set(ctx, "k", value, 0).Err()
	})
}

// After the scope.
func (r *repo) afterwards() error {
	if err := withRedis(func(rdb *redis.Client) error { return rdb.Del(ctx, "k").Err() }); err != nil {
		return err
	}
	return r.rdb.Del(ctx, "k2").Err() // want `r\.rdb\.Del runs( Redis commands)? outside a scope`
}

// setKey issues a command on its parameter.
func setKey(rdb *redis.Client, key string) error { return rdb.Set(ctx, key, 1, 0).Err() }

// setKeys does so by way of setKey.
func setKeys(rdb *redis.Client, keys ...string) (err error) {
	for _, key := range keys {
		err = errors.Join(err, setKey(rdb, key))
	}
	return err
}

// A client from elsewhere, handed to a function that issues commands.
func (r *repo) handed() error {
	return setKey(r.rdb, "k") // want `runs( Redis commands)? outside a scope`
}

// Two calls away from the command.
func (r *repo) handedDeep() error {
	return setKeys(r.rdb, "a", "b") // want `runs( Redis commands)? outside a scope`
}

// Another package issues the command.
func (r *repo) handedOver() (string, error) {
	return queries.Name(ctx, r.rdb, "1") // want `runs( Redis commands)? outside a scope`
}

// Another package, two calls away.
func (r *repo) handedOverDeep() []string {
	return queries.Names(ctx, r.rdb, "1", "2") // want `runs( Redis commands)? outside a scope`
}

// Handed over inside a callback, but the wrong client.
func (r *repo) wrongClientHanded() error {
	return withRedis(func(rdb *redis.Client) error {
		return setKey(r.rdb, "k") // want `runs( Redis commands)? outside a scope`
	})
}

// A function literal that runs at once is no callback.
func (r *repo) literal() error {
	return func() error {
		return r.rdb.Ping(ctx).Err() // want `r\.rdb\.Ping runs( Redis commands)? outside a scope`
	}()
}

// Nor is a goroutine.
func (r *repo) goroutine() {
	go func() {
		r.rdb.Publish(ctx, "news", "k") // want `r\.rdb\.Publish runs( Redis commands)? outside a scope`
	}()
}

// A deferred command.
func (r *repo) deferred() error {
	defer r.rdb.Del(ctx, "lock") // want `r\.rdb\.Del runs( Redis commands)? outside a scope`
	return errors.New("work")
}

// The group of a pipeline is sent at its end.
func (r *repo) pipelined() error {
	_, err := r.rdb.Pipelined(ctx, func(pipe redis.Pipeliner) error { // want `r\.rdb\.Pipelined runs( Redis commands)? outside a scope`
		return nil
	})
	return err
}

// A promoted method of an embedded client.
type cache struct{ *redis.Client }

func (c *cache) load() (string, error) {
	return c.Get(ctx, "k").Result() // want `c\.Get runs( Redis commands)? outside a scope`
}

// A local name for the client in the field.
func (r *repo) alias() error {
	rdb := r.rdb
	return rdb.Get(ctx, "k").Err() // want `rdb\.Get runs( Redis commands)? outside a scope`
}

// A getter lends a client that no scope made.
func (r *repo) client() *redis.Client { return r.rdb }

func (r *repo) getter() error {
	return r.client().Get(ctx, "k").Err() // want `runs( Redis commands)? outside a scope`
}

// A helper that lends somebody else's client is no scope.
func (r *repo) sharedIsNoScope() error {
	return scopes.WithShared(r.rdb, func(rdb *redis.Client) error {
		return rdb.Get(ctx, "k").Err() // want `rdb\.Get runs( Redis commands)? outside a scope`
	})
}

// A helper that never closes is no scope.
func forgottenIsNoScope() error {
	return scopes.WithForgotten(func(rdb *redis.Client) error {
		return rdb.Get(ctx, "k").Err() // want `rdb\.Get runs( Redis commands)? outside a scope`
	})
}

// A helper that closes on some paths only is no scope.
func luckIsNoScope() error {
	return scopes.WithLuck(func(rdb *redis.Client) error {
		return rdb.Get(ctx, "k").Err() // want `rdb\.Get runs( Redis commands)? outside a scope`
	})
}

// each lends the elements of a field: no scope either.
type fleet struct{ clients []*redis.Client }

func (f *fleet) each(fn func(*redis.Client) error) (err error) {
	for _, rdb := range f.clients {
		err = errors.Join(err, fn(rdb))
	}
	return err
}

func (f *fleet) flush() error {
	return f.each(func(rdb *redis.Client) error {
		return rdb.Del(ctx, "k").Err() // want `rdb\.Del runs( Redis commands)? outside a scope`
	})
}

// methodValue takes the method first, and calls it later.
func (r *repo) methodValue() {
	get := r.rdb.Get
	get(ctx, "k") // want `runs( Redis commands)? outside a scope`
}

// byName ranges over a map.
func byName() {
	clients := map[string]*redis.Client{"a": redis.NewClient(options)}
	for _, rdb := range clients {
		rdb.Del(ctx, "k") // want `rdb\.Del runs( Redis commands)? outside a scope`
	}
}
