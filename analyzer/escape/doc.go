/*
Package escape reports clients that leave the callback of their scope.

# Analyzer escape

escape: report the client of a scope that leaves its callback

A scope lends a client to a callback and closes it when the callback returns.
The rule reports the place where that client, or a handle on it such as a
pipeline, a transaction or a subscription, gets out: it is assigned to a
variable or field that was there before the callback ran, put in a container
there, sent on a channel, or returned by the callback.

# Why

Whatever leaves the scope is closed when it is used. The command then fails with
"redis: client is closed", at a place that has nothing to do with the mistake,
and only when the code is run. If the scope is a transaction, its connection may
by then serve somebody else.

# Bad

	var keep *redis.Client
	err := WithRedis(ctx, func(rdb *redis.Client) error {
		keep = rdb // closed when WithRedis returns
		return nil
	})
	keep.Ping(ctx)

	err := WithRedis(ctx, func(rdb *redis.Client) error {
		s.pipe = rdb.Pipeline() // its Exec will find the client closed
		return nil
	})

	rdb, err := Query(ctx, func(rdb *redis.Client) (*redis.Client, error) {
		return rdb, nil
	})

# Good

Do the work inside, and let results leave:

	var name string
	err := WithRedis(ctx, func(rdb *redis.Client) (err error) {
		name, err = rdb.Get(ctx, "name").Result()
		return err
	})

The result of a command, such as *redis.StringCmd, is a value and may leave
too. A variable that belongs to the callback may hold the client, and a function
called from the callback may get it as an argument.

# When to ignore

The rule is silent where the client may come back: when the callback also
assigns something else to the same variable or field, such as nil at its end.
It is silent about clients that a library lends and that live on after the
callback, such as the masters of a cluster, about values handed to functions
that may keep them, and in generated files.
*/
package escape
