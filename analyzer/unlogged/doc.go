/*
Package unlogged reports scopes that say nothing of the life of their client.

# Analyzer unlogged

unlogged: report scopes that open and close a client without a log, or drop the error of closing

A scope opens a client, lends it to a callback and closes it. The rule reports
the name of such a function when nothing in it writes to a log: neither itself,
nor a deferred literal, nor a function that it calls. It also reports a scope
that logs, but drops the error of closing its client, as a plain defer
rdb.Close() does. There is one finding for each scope.

The log may be log, log/slog, zap, zerolog, logrus, logr, klog or glog, standard output,
the log of a test, or a logger of your own: a type with two or more methods such
as Infof, Warn or ErrorContext, or a package with log in its name.

# Why

When connections pile up, the server tells their number and age, and not where
they come from. The function's log does, if each opening and closing is in it
with the time between them: 2 lines for an invocation, in which the one without
its partner is the leak. A failing Close is the only sign of a connection that
the server may still count.

# Bad

	func WithRedis(ctx context.Context, fn func(*redis.Client) error) error {
		rdb := redis.NewClient(opts)
		defer rdb.Close()
		return fn(rdb)
	}

# Good

	func WithRedis(ctx context.Context, fn func(*redis.Client) error) (err error) {
		start := time.Now()
		rdb := redis.NewClient(opts)
		slog.DebugContext(ctx, "redis: open")
		defer func() {
			err = errors.Join(err, rdb.Close())
			slog.DebugContext(ctx, "redis: closed", "after", time.Since(start), "error", err)
		}()
		return fn(rdb)
	}

errors.Join wraps what fn returns: where callers compare with ==, as in
err == redis.Nil, join only if there is a second error.

# Profile

The rule runs in the profile serverless.

# When to ignore

Switch the rule off where a hook, a trace or a metric tells the same. It is
silent about functions that lend a client they were given, or a connection that
they take from a pool, about scopes that are built on another scope, which does
the logging, about scopes that call a func they were given with a text, since
that may log, and in test files and generated files.
*/
package unlogged
