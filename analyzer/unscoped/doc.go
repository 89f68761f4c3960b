/*
Package unscoped reports Redis commands outside a scope.

# Analyzer unscoped

unscoped: report Redis commands outside a scope, such as the callback of WithRedis

A scope is a function that opens a client, passes it to a callback and closes it
on every path: WithRedis, by whatever name. The rule reports commands on any
other client, and calls that pass such a client to a function that runs commands.

# Why

A scope is the one place where connections are opened and closed, timeouts are
set and both are logged. It keeps that promise only as long as nobody goes around
it: 1 command on another client is a connection that the scope does not know.

# Bad

	func (s *Store) Name(ctx context.Context, id string) (string, error) {
		return s.rdb.HGet(ctx, id, "name").Result()
	}

	return WithRedis(ctx, func(rdb *redis.Client) error {
		return s.rdb.Del(ctx, key).Err() // s.rdb instead of rdb
	})

	return rename(ctx, s.rdb, id) // runs commands on s.rdb

# Good

	return WithRedis(ctx, func(rdb *redis.Client) error {
		return rdb.HSet(ctx, id, "name", name).Err()
	})

A function that takes the client as a parameter is fine by itself; its callers
are checked, in other packages too:

	return WithRedis(ctx, func(rdb *redis.Client) error {
		return rename(ctx, rdb, id)
	})

A scope is recognized by what it does, so any function like this one is a scope:

	func WithRedis(ctx context.Context, fn func(*redis.Client) error) error {
		rdb := redis.NewClient(opts)
		defer rdb.Close()
		return fn(rdb)
	}

docs/scopes.md has the exact conditions. -scope.funcs=example.com/cache.Around
names functions that are scopes although their code does not show it.

# Not reported

Close, Options, PoolStats and AddHook send nothing to the server; neither does
queueing a command in a pipeline. A function that opens a client or takes a
connection, and closes it by defer, is an inline scope, and PING, AUTH or INFO
in the function that opens a client is fine. The rule is silent about a
parameter of a function whose callers it cannot see, about clients of unknown
origin, and in test files and generated files.

# Profile

The rule runs in the profiles serverless and any, and in a program that
-profile=auto takes for a service only where a scope is in sight. Where none is,
text output folds the findings of a package into one line with their number;
JSON, SARIF and baselines list each of them.
*/
package unscoped
