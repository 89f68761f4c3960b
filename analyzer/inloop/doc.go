/*
Package inloop reports clients that are opened on every iteration of a loop,
and Close calls that are deferred in a loop.

# Analyzer inloop

inloop: report clients opened on every iteration of a loop, and Close calls deferred in a loop

Two mistakes are reported: a client, pool, cluster or connection that is opened on
every iteration with the same settings, although one before the loop would do, also
in a goroutine that each item is given to; and a Close that is deferred in a loop, so that everything opened by earlier
iterations stays open until the function returns.

# Why

Opening a client takes a connection and two to four round trips; a command on an
open client takes one. With 1 ms to the server a loop over 1000 keys takes one
second with one client, and about five with a client for each key. The side that
closes a connection keeps its port for a minute, so one host cannot open more than
about 470 connections per second to one server.

With a deferred Close, 1000 iterations hold 1000 connections at the same time.

# Bad

	for _, key := range keys {
		rdb := redis.NewClient(opts)
		err := rdb.Del(ctx, key).Err()
		rdb.Close()
		...
	}

	for _, addr := range addrs {
		conn, err := redis.Dial("tcp", addr)
		if err != nil {
			return err
		}
		defer conn.Close() // runs when the function returns
		...
	}

# Good

	rdb := redis.NewClient(opts)
	defer rdb.Close()
	for _, key := range keys {
		err := rdb.Del(ctx, key).Err()
		...
	}

	for _, addr := range addrs {
		if err := check(addr); err != nil { // opens, and defers Close
			return err
		}
	}

# Not reported

Loops that open a client per address or with other settings each time, that keep
what they open, that retry until they succeed, that wait between iterations, or
that start a fixed number of goroutines, or goroutines that go on working. Taking a connection from a pool is cheap and
fine in a loop. The rule is silent where it cannot tell whether all iterations
open the same, where the client is passed on, and in test files and generated
files.

# Profile

The rule runs in every profile.
*/
package inloop
