/*
Package blocking reports calls that wait while a connection is held.

# Analyzer blocking

blocking: report calls that wait while a scope holds its connection, or block without a timeout in a request

A scope holds a connection for as long as its callback runs. The rule reports what
makes the callback wait for something other than Redis: time.Sleep, an HTTP
request, a SQL query, a remote procedure call, a process, input from a keyboard.

In the callback of a scope and in request handlers it reports Redis commands that
block without a timeout: BLPop and the like with timeout 0, XRead and XReadGroup
whose Block is left at zero, which go-redis sends as BLOCK 0, and receiving a
message of a subscription. A helper that waits is reported where it is called.

In a service it reports them in request handlers, and in a worker whose context is
meant to stop it: code around or after the command checks the context or for
context.Canceled, or its creator can cancel it. go-redis v9 does not notice.

# Why

A connection that waits is one that nobody else can have. A callback that needs
2 ms for Redis and 200 ms for a SQL query keeps a hundred times as many connections
open as it needs. A BLPOP without a timeout holds its connection until the process
is killed: the read timeout does not apply to blocking commands, and canceling the
context does not interrupt go-redis.

# Bad

	return WithRedis(ctx, func(rdb *redis.Client) error {
		job, err := rdb.BLPop(ctx, 0, "jobs").Result() // no timeout
		...
	})

	return WithRedis(ctx, func(rdb *redis.Client) error {
		streams, err := rdb.XRead(ctx, &redis.XReadArgs{Streams: s}).Result() // Block is 0
		...
	})

	return WithRedis(ctx, func(rdb *redis.Client) error {
		resp, err := http.Get(url) // the connection is idle meanwhile
		...
		return rdb.Set(ctx, url, body, time.Hour).Err()
	})

	for ctx.Err() == nil { // not checked until there is a job
		job, err := rdb.BLPop(ctx, 0, "jobs").Result()
		...
	}

# Good

	job, err := rdb.BLPop(ctx, 5*time.Second, "jobs").Result() // redis.Nil: none

	streams, err := rdb.XRead(ctx, &redis.XReadArgs{Streams: s, Block: -1}).Result() // does not wait

	resp, err := http.Get(url)
	...
	return WithRedis(ctx, func(rdb *redis.Client) error {
		return rdb.Set(ctx, url, body, time.Hour).Err()
	})

# Not reported

Workers that run until the process is killed, or that something interrupts by
closing what they wait on. The rule is silent about pauses of less than 10 ms,
timeouts that are not known, contexts with a deadline, helpers that wait only if a
parameter says so, and in test files and generated files. Loops over messages in a
handler are reported by stream.

# Profile

The rule runs in every profile: in a service for handlers and workers, otherwise
for handlers and scopes.
*/
package blocking
