/*
Package escape reports clients that leave the callback of their scope.

# Analyzer escape

escape: report the client of a scope that leaves its callback

A scope lends a client to a callback and closes it when the callback returns.
The rule reports the place where that client, or a handle on it such as a
pipeline, a transaction, an iterator or a subscription, gets out: it is assigned
to a variable or field that was there before the callback ran, put in a container
there, sent on a channel, returned by the callback, or handed to a function that
keeps it, in another package too. A func that uses the client, and an object that
has it in a field, are reported in its place.

It also reports a goroutine that uses the client when nothing in the callback
waits for it: no Wait, no channel that is read.

# Why

Whatever leaves the scope is closed when it is used. The command then fails with
"redis: client is closed", at a place that has nothing to do with the mistake,
and only when the code is run. A goroutine has 1 round trip to win that race. If
the scope is a transaction, its connection may by then serve somebody else.

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

	err := WithRedis(ctx, func(rdb *redis.Client) error {
		go rdb.Incr(ctx, "visits") // runs when the client is closed
		return nil
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
called from the callback may get it as an argument. A goroutine may use the client
when the callback waits for it:

	return WithRedis(ctx, func(rdb *redis.Client) error {
		g, ctx := errgroup.WithContext(ctx)
		for _, key := range keys {
			g.Go(func() error { return rdb.Incr(ctx, key).Err() })
		}
		return g.Wait()
	})

# Profile

The rule runs in every profile: what a scope has closed is closed in a
service, too.

# When to ignore

The rule is silent where the client may come back: when the callback also
assigns something else to the same variable or field, such as nil at its end.
It is silent about clients that a library lends and that live on after the
callback, such as the masters of a cluster, about funcs and objects handed to
functions that may keep them, about goroutines in a callback that reads a channel,
runs a server or does anything else that may wait for them, and in generated files.
*/
package escape
