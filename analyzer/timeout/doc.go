/*
Package timeout reports Redis clients whose timeouts are missing, off or too
long.

# Analyzer timeout

timeout: report Redis clients whose timeouts are missing, off or too long

The options of a client are reported when connecting, a read, a write, or waiting
for a connection of the pool has no timeout, or one above the limit of five
seconds, which -timeout.max changes. One finding lists everything that is wrong
with one options value. Defaults depend on the version of the library, and count.

Also reported are dials that are retried, so that connecting takes a multiple of
the dial timeout, and a context whose deadline is shorter than the client's
timeouts when the client ignores it (ContextTimeoutEnabled of go-redis v9).

# Why

A server that is gone rarely says so, and a read without a timeout waits until
somebody kills the process. By default redigo has no timeout for reads and writes,
and takes 30 seconds to give up connecting. go-redis from v9.15.1 on tries each
dial five times: with its 5 seconds each, a host that drops packets costs 25
seconds before the first error. rueidis waits 10 seconds for an answer.

# Bad

	conn, err := redigo.Dial("tcp", addr) // reads and writes have no timeout

	rdb := redis.NewClient(&redis.Options{
		Addr:        addr,
		ReadTimeout: -1, // no timeout, in go-redis
	})

	ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	rdb.Get(ctx, key) // takes up to ReadTimeout without ContextTimeoutEnabled

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

With -unsafe-fixes, redislint -fix sets what is missing. Options are followed
through assignments, copies, constant URLs and functions, across packages.

# Not reported

The rule is silent about values from configuration, flags, URLs that are not
constant or parameters of exported functions, about options that a library does
not have, and in test files. A subscriber may need a longer timeout: ignore the
finding with that reason.

# Profile

The rule runs in every profile. Except in serverless, it does not report a
library's own defaults unless they are no timeout at all.
*/
package timeout
