/*
Package unclosed reports Redis clients, pools, connections and subscriptions
that are not closed on every path.

# Analyzer unclosed

unclosed: report Redis clients, pools, connections and subscriptions that are not closed on every path

The finding is at the call that opens the resource. It names the return that
leaves it open, and the related positions show the path from the one to the
other: which conditions hold, and where the function returns.

# Why

A client is a pool: it keeps sockets and goroutines until Close is called, and
the garbage collector does not call it. A function that leaks a client on an error
path keeps 1 or more connections open each time that error occurs, until the
server has reached its limit and refuses everybody.

The usual leak is not a missing Close. It is a Close that one path misses: an
error return three lines above it, a continue, a second dial that fails.

# Bad

	rdb := redis.NewClient(opts)
	if err := rdb.Set(ctx, key, 1, 0).Err(); err != nil {
		return err // rdb is still open
	}
	return rdb.Close()

A constructor that opens, pings and fails:

	rdb := redis.NewClient(opts)
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, err // the caller gets nothing to close
	}
	return &Cache{rdb: rdb}, nil

# Good

	rdb := redis.NewClient(opts)
	defer rdb.Close()

	rdb := redis.NewClient(opts)
	if err := rdb.Ping(ctx).Err(); err != nil {
		rdb.Close()
		return nil, err
	}
	return &Cache{rdb: rdb}, nil

A type that keeps a client in a field is a resource itself: its users are
expected to call the method that closes the field, whatever its name is.
redislint -fix inserts the missing Close, see docs/fixes.md.

# Not reported

A resource that is returned, stored where somebody else can close it, sent on a
channel, or passed to a function or goroutine that closes it belongs to somebody
else. So may one that is passed to an interface method or a function value:
the rule does not guess. It reports neither paths that end in a panic, log.Fatal
or os.Exit, nor what main opens for the life of the program, nor generated
files. docs/ownership.md has the details; redislint why FILE:LINE explains what
was decided about a line.

# Profile

The rule runs in every profile. In a service it also reports a package-level
subscription or worker that the package never stops.
*/
package unclosed
