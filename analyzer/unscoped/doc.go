/*
Package unscoped reports Redis commands on clients that did not come from a
scope.

# Analyzer unscoped

unscoped: report Redis commands outside a scope callback

A scope is a function that acquires a client, passes it to a callback and
releases it on every path: WithRedis, by whatever name. A command is reported
when its client did not come from the callback of a scope. So is a call that
hands such a client to a function that issues commands on it.

# Why

A scope is the one place where connections are opened and closed, timeouts are
set and the life of a client is logged. It holds its promise only as long as
nobody goes around it. One command on a client of another origin, and somewhere
there is a connection that the scope does not know about.

# Bad

A client from a field:

	func (s *Store) Name(ctx context.Context, id string) (string, error) {
		return s.rdb.HGet(ctx, id, "name").Result()
	}

Inside a callback, but with another client:

	return WithRedis(ctx, func(rdb *redis.Client) error {
		return s.rdb.Del(ctx, key).Err() // s.rdb instead of rdb
	})

A client handed to a function that issues commands:

	return rename(ctx, s.rdb, id)

# Good

	return WithRedis(ctx, func(rdb *redis.Client) error {
		return rdb.HSet(ctx, id, "name", name).Err()
	})

A function that takes the client as a parameter is fine by itself. Its callers
answer for the client, in this package and in others:

	func rename(ctx context.Context, rdb *redis.Client, id string) error {
		return rdb.HSet(ctx, id, "name", "new").Err()
	}

	return WithRedis(ctx, func(rdb *redis.Client) error {
		return rename(ctx, rdb, id)
	})

A scope is recognised by what it does, so any function of this shape is one,
with its parameters in any order, as a method, with a result, generic, or built
on another scope:

	func WithRedis(ctx context.Context, fn func(*redis.Client) error) error {
		rdb := redis.NewClient(opts)
		defer rdb.Close()
		return fn(rdb)
	}

A function that lends a client which it does not close, or which it closes only
when all goes well, is no scope, and the commands in its callbacks are reported.
The functions whose full names are given by -scope.funcs, separated by commas,
are scopes without a proof:

	redislint -scope.funcs=example.com/cache.Around ./...

The callback may be a function literal, a named function or a method value.
Pipelines and transactions made from its client are inside. What the scope
itself does with its client, such as a ping, is inside too. Methods that ask
nothing of the server, such as Close, Options, PoolStats and AddHook, are no
commands, and neither is queueing a command in a pipeline.

# Profile

The rule runs in the profiles serverless and any. Of a program that its code
shows to be a service it runs only where a scope is in sight, in the package or
in what it imports: such a program has decided to use scopes. With
-profile=service it does not run.

Where no scope is in sight, the command prints one line for a package, at the
first command, with their number. JSON, SARIF and baselines have each of them.

# When to ignore

The rule is for code that has decided to use scopes. Switch it off in a
long-lived service that shares one client. It is silent about a client that
comes in as a parameter of a function whose callers it cannot see, about values
whose origin it does not understand, in test files, which open what they need,
and in generated files.
*/
package unscoped
