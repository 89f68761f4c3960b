/*
Package unlogged reports scopes that do not log when they open and close their
client.

# Analyzer unlogged

unlogged: report scopes that do not log when they open and close a client, or ignore the error of Close

A scope opens a client, passes it to a callback and closes it. The rule reports
its name when nothing in it writes to a log, neither the function itself nor one
that it calls, and when it ignores the error of Close, as a plain defer
rdb.Close() does. There is one finding per scope.

Known logs are log, log/slog, zap, zerolog, logrus, logr, klog, glog, standard
output, that of a test, and your own: a type with two or more methods such as
Infof, Warn or ErrorContext, or a package with log in its name.

# Why

When connections pile up, the server knows their number and age, not where they
were opened. The log does, if it has 2 lines for each client with the time between
them: the one without its partner is the leak. A failing Close is the only sign of
a connection that the server may still count.

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

errors.Join wraps what fn returns. Where callers compare with ==, as in
err == redis.Nil, join only if Close failed.

# Not reported

The rule is silent about functions that pass on a client they were given or a
connection from a pool, about scopes built on another scope, which does the
logging, about scopes that call a function value with a text, which may be a log,
and in test files and generated files. Switch it off where a hook, a trace or a
metric records the same.

# Profile

The rule runs in the profile serverless.
*/
package unlogged
