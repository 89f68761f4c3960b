package calls

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
	"unscoped/layered"
	"unscoped/queries"
	"unscoped/scopes"
)

// Inside the package's own scope.
func inside() error {
	return withRedis(func(rdb *redis.Client) error {
		return rdb.Set(ctx, "k", "v", 0).Err()
	})
}

// Inside the scope of another package.
func insideOther(ctx context.Context) error {
	return scopes.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		if err := rdb.Set(ctx, "k", "v", 0).Err(); err != nil {
			return err
		}
		return rdb.Expire(ctx, "k", 60).Err()
	})
}

// The callback comes first and returns nothing.
func callbackFirst() {
	scopes.Borrow(func(rdb *redis.Client, key string) {
		rdb.Del(ctx, key)
	}, "k")
}

// A scope made of a scope, two packages away from the client.
func layeredScope(ctx context.Context) string {
	return layered.WithFallback(ctx, "unknown", func(ctx context.Context, rdb *redis.Client) (string, error) {
		return rdb.Get(ctx, "name").Result()
	})
}

// A scope that tries again.
func retried(ctx context.Context) error {
	return layered.WithRetry(ctx, 3, func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Incr(ctx, "n").Err()
	})
}

// A function that issues commands, called from a scope.
func throughHelper() error {
	return withRedis(func(rdb *redis.Client) error { return setKey(rdb, "k") })
}

// Two calls away.
func throughHelpers() error {
	return withRedis(func(rdb *redis.Client) error { return setKeys(rdb, "a", "b") })
}

// A function of another package, called from a scope.
func throughOtherPackage() (name string, err error) {
	err = withRedis(func(rdb *redis.Client) error {
		name, err = queries.Name(ctx, rdb, "1")
		names := queries.Names(ctx, rdb, "2", "3")
		name += names[0]
		return err
	})
	return name, err
}

// onlyInScopes is reached from scopes alone.
func onlyInScopes(rdb *redis.Client) error {
	return errors.Join(rdb.Ping(ctx).Err(), rdb.Incr(ctx, "n").Err())
}

// A named function as the callback.
func namedCallback() error { return withRedis(onlyInScopes) }

// A method value as the callback.
type job struct{ key string }

func (j *job) run(rdb *redis.Client) error { return rdb.Del(ctx, j.key).Err() }

func (j *job) start() error { return withRedis(j.run) }

// A callback held in a variable.
func callbackVariable() error {
	ping := func(rdb *redis.Client) error { return rdb.Ping(ctx).Err() }
	return withRedis(ping)
}

// A callback made by a function.
func deleter(key string) func(*redis.Client) error {
	return func(rdb *redis.Client) error { return rdb.Del(ctx, key).Err() }
}

func callbackMade() error { return withRedis(deleter("k")) }

// A literal inside the callback.
func literalInside() error {
	return withRedis(func(rdb *redis.Client) error {
		get := func(key string) string { return rdb.Get(ctx, key).Val() }
		return rdb.Set(ctx, "k", get("a")+get("b"), 0).Err()
	})
}

// A loop inside the callback.
func loopInside(keys []string) error {
	return withRedis(func(rdb *redis.Client) error {
		for _, key := range keys {
			if err := rdb.Del(ctx, key).Err(); err != nil {
				return err
			}
		}
		return nil
	})
}

// Another name for the callback's client.
func aliasInside() error {
	return withRedis(func(rdb *redis.Client) error {
		var commands redis.Cmdable = rdb
		return commands.Ping(ctx).Err()
	})
}

// A pipeline of the callback's client.
func pipelineInside() error {
	return withRedis(func(rdb *redis.Client) error {
		pipe := rdb.Pipeline()
		pipe.Incr(ctx, "n")
		pipe.Expire(ctx, "n", 60)
		_, err := pipe.Exec(ctx)
		return err
	})
}

// A transaction of the callback's client.
func watchInside() error {
	return withRedis(func(rdb *redis.Client) error {
		return rdb.Watch(ctx, func(tx *redis.Tx) error {
			n, err := tx.Get(ctx, "n").Int()
			if err != nil {
				return err
			}
			_, err = tx.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
				pipe.Set(ctx, "n", n+1, 0)
				return nil
			})
			return err
		}, "n")
	})
}

// A script on the callback's client.
var unlock = redis.NewScript("return redis.call('DEL', KEYS[1])")

func scriptInside() error {
	return withRedis(func(rdb *redis.Client) error {
		return unlock.Run(ctx, rdb, []string{"lock"}).Err()
	})
}

// A scope inside a scope.
func nested() error {
	return withRedis(func(a *redis.Client) error {
		return withRedis(func(b *redis.Client) error {
			return b.Set(ctx, "k", a.Get(ctx, "k").Val(), 0).Err()
		})
	})
}

// The result of a command leaves the scope, the client does not.
func resultLeaves() (value string, err error) {
	err = withRedis(func(rdb *redis.Client) error {
		value, err = rdb.Get(ctx, "k").Result()
		return err
	})
	return value, err
}

// Configuration is no command.
func (r *repo) settings() string {
	r.rdb.AddHook(nil)
	_ = r.rdb.PoolStats()
	return r.rdb.Options().Addr + queries.Addr(r.rdb)
}

// Closing is no command.
func (r *repo) close() error { return r.rdb.Close() }

// A parameter: the callers answer for it.
func Parameter(ctx context.Context, rdb *redis.Client) error {
	return rdb.Ping(ctx).Err()
}

// A method value of the scope's client.
func methodValueInScope() error {
	return scopes.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		get := rdb.Get
		return get(ctx, "k").Err()
	})
}
