/*
Package undeferred reports Redis clients whose Close is skipped by a panic.

# Analyzer undeferred

undeferred: report Redis clients whose Close is skipped by a panic

Every path closes the client, but by a plain call, and something that may panic
stands between that call and the one that opens the client. Every call may
panic, except for the client library's own constructors and options.

# Why

A panic runs deferred calls and nothing else. An HTTP server and a serverless
runtime recover from it and go on, so 1 panic a minute leaks 1440 clients a day.
runtime.Goexit does the same.

A plain Close is also easily broken: whoever adds an early return above it has
written a leak.

# Bad

	rdb := redis.NewClient(opts)
	total := sum(rdb.LRange(ctx, "amounts", 0, -1).Val()) // may panic
	rdb.Close()
	return total

# Good

	rdb := redis.NewClient(opts)
	defer rdb.Close()
	return sum(rdb.LRange(ctx, "amounts", 0, -1).Val())

If the error of Close matters, return it:

	defer func() { err = errors.Join(err, rdb.Close()) }()

redislint -fix inserts the deferred call. It removes a plain Close right before
a return, unless its error is used; a second Close does no harm.

# Not reported

The rule is silent inside a loop, where a deferred call runs only when the
function returns; where some path does not close the client at all, which
unclosed reports; where a path passes the client on, as a constructor does that
closes it only if its ping fails, or to a goroutine that closes it; in test
files, whose process ends with them; and in generated files. Locks, atomics and
pauses do not panic, and a worker that has not started has nothing to release.

Ignore a finding where a panic ends the process, as in a small command.

# Profile

The rule runs in the profiles serverless and any, not in a service, which shares
its clients.
*/
package undeferred
