/*
Package inloop reports clients that each turn of a loop opens anew.

# Analyzer inloop

inloop: report clients opened in each turn of a loop, and releases deferred in a loop

Two mistakes are reported. A client, a pool, a cluster or a dialed connection is
opened in a loop, always with the same settings, although one before the loop
would do for all turns: at the opening call, which may also be that of a helper.
And a release is deferred in a loop, so that whatever the turns opened stays
open until the function ends: at the defer statement.

# Why

To open a client costs a connection and two to four round trips; a command on an
open one costs one. With a millisecond to the server a loop over 1000 keys takes
one second with one client, and about five with a client for each key. The side
that closes keeps each port for a minute: 470 new connections a second are all
that one host can make to one server.

A release that is deferred in a loop has not run when the next turn opens: 1000
turns hold 1000 connections, and go-redis' default pool has ten for each CPU.

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
		defer conn.Close() // when the function ends
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

These loops are right: one that opens a client for each address, or with other
settings in each turn; one that keeps what it opens, in a slice, a map or a field;
one that tries again until it has succeeded; one that waits for a time in each
turn, so that an open client would be idle; one that starts a goroutine for each
client. To take a connection from a pool is cheap, and may be done in a loop.

# Profile

The rule runs in every profile. To connect once for all turns is right
for an invocation and for a service.

# When to ignore

The rule is silent where it cannot tell that all turns open the same, where what
is opened is handed to somebody else, in test files and in generated files. If
each turn takes minutes, a connection of its own may be what you want.
*/
package inloop
