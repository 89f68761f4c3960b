/*
Package unclosed reports Redis clients, pools, connections and subscriptions
that some path leaves open.

# Analyzer unclosed

unclosed: report Redis resources that some path leaves open

A client, pool, connection, subscription or dedicated client is reported at the
call that opens it when there is a way out of the function on which nothing
releases it and nobody else has become its owner. The message names the line of
that way out, and the related positions retrace it: what was opened, which
conditions were taken, where the function was left.

# Why

A client is a pool: it holds sockets and goroutines until its Close is called.
The garbage collector does not call it for you. A function that opens a client
and returns without closing it leaves those connections behind each time it
runs, and the server counts them until its limit is reached and nobody gets in
any more.

The usual leak is not a missing Close. It is a Close that one path passes by: an
error return three lines above it, a continue, a second dial that fails.

# Bad

An error return before the Close:

	func store(ctx context.Context, key string) error {
		rdb := redis.NewClient(opts)
		if err := rdb.Set(ctx, key, 1, 0).Err(); err != nil {
			return err // rdb is still open
		}
		return rdb.Close()
	}

A constructor that opens, pings, fails, and forgets:

	func NewCache(ctx context.Context) (*Cache, error) {
		rdb := redis.NewClient(opts)
		if err := rdb.Ping(ctx).Err(); err != nil {
			return nil, err // the caller gets nothing that it could close
		}
		return &Cache{rdb: rdb}, nil
	}

Nobody can ever close this one:

	return redis.NewClient(opts).Ping(ctx).Err()

A subscription that outlives its reader:

	sub := rdb.Subscribe(ctx, "news")
	for msg := range sub.Channel() {
		if !send(msg.Payload) {
			return // sub keeps its connection and its goroutines
		}
	}

These are reported as well: a variable that is overwritten while its client is
open, a client that each turn of a loop opens anew, the cleanup function of a
constructor that is dropped, a slice or map of clients that is dropped, a type
of your own that owns a client and is dropped by its user, and a Close method
that forgets one of two fields.

# Good

Defer the Close on the line after the open, or after the error check that
belongs to the open:

	rdb := redis.NewClient(opts)
	defer rdb.Close()

	conn, err := pool.GetContext(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()

A constructor closes what it does not return:

	if err := rdb.Ping(ctx).Err(); err != nil {
		rdb.Close()
		return nil, err
	}

A resource counts as released, and is not reported, when every path calls its
release, directly, by defer, in a deferred closure, or through a function or
method that does it, in this package or in another. On a path where the error
of the open is not nil, nothing was opened.

A resource has a new owner, and is not reported here any more, when it is
returned, stored in a field or package variable, sent on a channel, handed to a
goroutine or function that releases it, or captured by a function that releases
it and is kept for later: t.Cleanup, context.AfterFunc, fx hooks, your own list
of things to do at the end. A type that keeps the resource in a field becomes a
resource itself: its user must call the method that releases the field, whatever
its name is. A type that has no such method, whose package never releases the
field and never passes it on, keeps the resource where nobody can release it:
that is reported where the resource is opened.

redislint -fix inserts the deferred release where it is certain to be right: the
variable holds nothing else, it cannot be nil, nobody else can own the resource,
and no goroutine, channel or subscription needs it after the return. Releases
right before a return are taken away; one whose error is looked at stays, for
the second Close of a library does no harm. The error of the new one is treated
as the function or the file treats others: dropped by an assignment, or joined
to a named result.

# Profile

The rule runs in every profile. In a service it asks one thing more: a
package-level variable that the package sets to a subscription or a worker which
it opens, that nothing else can get at, and that no function of the package ever
releases or hands on, is reported at the variable. A client that lives as long
as the process is closed by its end.

# When to ignore

The rule is silent where it does not know: a value handed to an interface method
or to a function value may have found an owner there. It is silent about a
client that func main of a program opens for the life of the process, because
the end of the process closes it. It is silent about paths that end in a panic, log.Fatal or os.Exit, or in a
function of your own that never returns, and about generated files.

A finding is meant to be a path that can run. If the path cannot run for a
reason that is not in the code, such as a promise between two flags, close the
resource on it all the same: that costs one line, and the promise may be broken
next year. Ignore the finding only when the process is about to end on that
path.
*/
package unclosed
