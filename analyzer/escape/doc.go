/*
Package escape reports clients that leave the scope which closes them.

# Analyzer escape

escape: report clients that leave the scope which closes them

A scope passes a client to a callback and closes it when the callback returns.
The rule reports where the client, or something made from it such as a pipeline
or a subscription, leaves the callback: it is assigned to an outer variable or a
field, put in a container, sent on a channel, returned, or passed to a function
that keeps it. It also reports a goroutine that uses the client when the callback
does not wait for it.

# Why

Whatever leaves the scope is closed by the time it is used. The command fails with
"redis: client is closed", far from the mistake, and only at run time. A goroutine
that nothing waits for has about 1 round trip to win that race.

# Bad

	var keep *redis.Client
	err := WithRedis(ctx, func(rdb *redis.Client) error {
		keep = rdb // closed when WithRedis returns
		return nil
	})
	keep.Ping(ctx)

	err := WithRedis(ctx, func(rdb *redis.Client) error {
		s.pipe = rdb.Pipeline() // Exec fails later
		return nil
	})

	err := WithRedis(ctx, func(rdb *redis.Client) error {
		go rdb.Incr(ctx, "visits") // may run after Close
		return nil
	})

# Good

Do the work inside, and let results leave. The result of a command is a value:

	var name string
	err := WithRedis(ctx, func(rdb *redis.Client) (err error) {
		name, err = rdb.Get(ctx, "name").Result()
		return err
	})

A goroutine may use the client if the callback waits for it:

	return WithRedis(ctx, func(rdb *redis.Client) error {
		g, ctx := errgroup.WithContext(ctx)
		for _, key := range keys {
			g.Go(func() error { return rdb.Incr(ctx, key).Err() })
		}
		return g.Wait()
	})

# Not reported

The rule is silent where the callback assigns something else to the same variable
later, such as nil; about clients that live on after the callback, such as the
masters of a cluster; about function values and objects passed to functions that
may keep them; about goroutines in a callback that reads a channel or does
something else that may wait for them; and in generated files.

# Profile

The rule runs in every profile.
*/
package escape
