/*
Package timeout reports Redis clients whose timeouts are missing, off or long.

# Analyzer timeout

timeout: report Redis clients whose timeouts are missing, off or long

The options that a client is opened with are reported when connecting, a read, a
write or the wait for a connection of the pool has no bound, or one above the
limit. The limit is five seconds; -timeout.max sets another. One finding lists
all that is wrong with one options value.

What a library does by default depends on its version, and counts: a default
within the limit is fine. Reported are as well: dials that are tried again, so
that they take a multiple of the dial timeout, and the deadline of a context
that ends before the client's own timeout does and that the client does not look
at (ContextTimeoutEnabled of go-redis v9).

# Why

A server that is gone rarely says so. It answers nothing, and a read without a
timeout waits for it until somebody kills the process; an invocation is paid for
until the platform ends it. By default redigo never ends a read or a write, and
takes 30 seconds to give up connecting. go-redis from v9.15.1 on tries each dial
five times: with the default dial timeout of 5 seconds, a host that drops
packets costs 25 seconds before the first error. rueidis waits 10 seconds for an
answer.

# Bad

	conn, err := redigo.Dial("tcp", addr) // reads and writes may wait for ever

	rdb := redis.NewClient(&redis.Options{
		Addr:        addr,
		ReadTimeout: -1, // no timeout, in go-redis
	})

	rdb := redis.NewClient(&redis.Options{Addr: addr}) // five dials of five seconds

	ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	rdb.Get(ctx, key) // takes as long as ReadTimeout without ContextTimeoutEnabled

# Good

	conn, err := redigo.Dial("tcp", addr,
		redigo.DialConnectTimeout(5*time.Second),
		redigo.DialReadTimeout(5*time.Second),
		redigo.DialWriteTimeout(5*time.Second))

	rdb := redis.NewClient(&redis.Options{
		Addr:                  addr,
		DialTimeout:           5 * time.Second,
		DialerRetries:         1,
		ReadTimeout:           5 * time.Second,
		WriteTimeout:          5 * time.Second,
		ContextTimeoutEnabled: true,
	})

With -unsafe-fixes a fix is offered that sets what is missing to the limit.
Options are followed when they are built in steps, copied, parsed from a URL that
is a constant, or made, changed or used by other functions, in this package and
in others.

# Profile

The rule runs in every profile. Outside serverless code it leaves a library's own
defaults alone, those aside that are no timeout at all, and reports what the
program sets and the deadlines that the client ignores.

# When to ignore

The rule is silent about a value that comes from configuration, a flag, a URL
that is no constant or a parameter of an exported function, about test files,
and about a library that offers no such option. Timeouts that a wait for
messages needs, as a subscriber of its own has, may be longer than the limit:
ignore those with a reason.
*/
package timeout
