/*
Package undeferred reports Redis resources whose release a panic would pass by.

# Analyzer undeferred

undeferred: report Redis resources that a panic would leave open

A release is reported when every path reaches one, so that nothing leaks as long
as all goes well, but it is a plain call and something that may panic stands
between it and the open. Any call counts as something that may panic, except the
library's own options and constructors.

# Why

A panic runs the deferred calls and nothing else. In a program that recovers,
and every HTTP server and every serverless runtime does, the process goes on
after the panic and the connection stays behind. runtime.Goexit, which is how a
test fails with t.Fatal, does the same.

The plain call also breaks silently: the next person who adds an early return
above it has made a leak.

# Bad

	rdb := redis.NewClient(opts)
	total := sum(rdb.LRange(ctx, "amounts", 0, -1).Val()) // may panic
	rdb.Close()
	return total

# Good

	rdb := redis.NewClient(opts)
	defer rdb.Close()
	return sum(rdb.LRange(ctx, "amounts", 0, -1).Val())

If the error of Close matters, keep it:

	defer func() { err = errors.Join(err, rdb.Close()) }()

A plain call beside a deferred one is fine: the second Close does no harm.
redislint -fix inserts the deferred call, and takes away a plain one that stands
right before a return and whose error nobody looks at.

The rule is silent inside a loop, where a defer would run only at the end of the
function, and where nothing stands between the open and the release. It is
silent when a path leaves the resource open, which is what unclosed reports, and
when a path hands it to a new owner, such as a constructor that closes the
client only when its ping fails: there a defer would be wrong.

# Profile

The rule runs in the profiles serverless and any. A service lives on after a
panic that it recovers from, and shares its clients; there the rule does not run.

# When to ignore

In a loop body that has grown long enough to panic, move the body into a
function with a defer instead of looking for a way around the rule. In generated
files the rule is silent. Ignore a finding when a panic ends the process anyway
and nothing recovers, as in a small command.
*/
package undeferred
