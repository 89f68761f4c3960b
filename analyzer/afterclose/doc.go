/*
Package afterclose reports clients that are released at the wrong time or by
the wrong function.

# Analyzer afterclose

afterclose: report clients used after Close, or closed too early or by a borrower

Four mistakes are reported.

A client, pool, connection or subscription is used on a path on which it was
released before: at the use.

The callback of a scope closes the client that it was only lent, or hands it to
a function that closes it: at that call. Callbacks of the libraries, such as that
of Watch, count too.

The release is deferred before the error of the opening call is looked at: at
the defer statement. Only opening calls are meant that return nil beside an
error, the project's own included.

A function that opens something and returns the func that releases it is
deferred itself, where that func should be: at the deferred call.

# Why

A command on a closed client fails with "redis: client is closed", always, and
often in an error branch that no test enters. A callback that closes its client
breaks the rest of the scope, and if the client was a pooled connection, that of
whoever gets it next. A Close deferred too early turns a refused connection,
which the code was prepared for, into a nil pointer dereference: the one
invocation that could have answered with a fallback dies.

A deferred maker of a cleanup opens one connection at the end of each call,
after the work, and nothing closes it: 100 calls are 100 connections.

# Bad

	rdb.Close()
	return rdb.Get(ctx, key).Result() // closed

	err := WithRedis(ctx, func(rdb *redis.Client) error {
		defer rdb.Close() // WithRedis does
		return rdb.Ping(ctx).Err()
	})

	conn, err := redis.Dial("tcp", addr)
	defer conn.Close() // conn is nil when err is not
	if err != nil {
		return err
	}

	defer connect() // func connect() (cleanup func())

# Good

	defer rdb.Close()
	return rdb.Get(ctx, key).Result()

	err := WithRedis(ctx, func(rdb *redis.Client) error {
		return rdb.Ping(ctx).Err()
	})

	conn, err := redis.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()

	defer connect()()

To close twice is allowed: a deferred Close beside an explicit one whose error is
looked at is a good habit. A function that closes its parameter is a consumer,
and right if its callers mean it so. A variable may be opened again after it was
closed. What another goroutine closes is closed at a time that the rule does not
guess.

# Profile

The rule runs in every profile.

# When to ignore

In test files the rule is silent about use after a release, which tests try on
purpose. In generated files it is silent.
*/
package afterclose
