/*
Package blocking reports calls that wait while a connection is held.

# Analyzer blocking

blocking: report calls that wait while a scope holds its connection, or for ever while a request is answered

A scope opens a connection for as long as its callback runs. The rule reports
what makes the callback wait for something else than Redis: time.Sleep, an HTTP
request, a SQL query, a remote procedure call, a process, a person at a keyboard.

It reports Redis commands that wait until there is something to return, and for
ever if there never is, in the callback of a scope and wherever a request is
answered: BLPop and its kin with a timeout of zero, XRead and XReadGroup whose
Block is left zero, which go-redis sends as BLOCK 0, and receiving a message of
a subscription. With redigo the name of the command and its arguments decide,
with rueidis what was built.

A helper that waits is reported where it is called, in other packages too.

# Why

A connection that waits is one that nobody else can have. If a callback needs
2 ms for Redis and 200 ms for a SQL query, a hundred times as many connections are open at once as there
would have to be, and the server's limit is reached a hundred times sooner. A
BLPOP without a bound holds its connection until the function is killed: a read
timeout does not count for blocking commands, and a cancelled context does not
interrupt go-redis.

# Bad

	return WithRedis(ctx, func(rdb *redis.Client) error {
		job, err := rdb.BLPop(ctx, 0, "jobs").Result() // for ever
		...
	})

	return WithRedis(ctx, func(rdb *redis.Client) error {
		streams, err := rdb.XRead(ctx, &redis.XReadArgs{Streams: s}).Result() // Block is zero: for ever
		...
	})

	return WithRedis(ctx, func(rdb *redis.Client) error {
		resp, err := http.Get(url) // the connection is idle meanwhile
		...
		return rdb.Set(ctx, url, body, time.Hour).Err()
	})

# Good

	job, err := rdb.BLPop(ctx, 5*time.Second, "jobs").Result()

	streams, err := rdb.XRead(ctx, &redis.XReadArgs{Streams: s, Block: -1}).Result() // does not wait

	resp, err := http.Get(url)
	...
	return WithRedis(ctx, func(rdb *redis.Client) error {
		return rdb.Set(ctx, url, body, time.Hour).Err()
	})

# Profile

The rule runs in the profiles serverless and any.

# When to ignore

The rule is silent in workers: a loop in main that waits for jobs on a client of
its own is what blocking commands are for. It is silent about goroutines, about
pauses of less than 10 ms, about timeouts that are not known, about contexts
that were given a deadline, about helpers of which a parameter decides whether
they wait, and in test files and generated files. Reading messages in a loop
while a request is answered is the business of the rule stream.
*/
package blocking
