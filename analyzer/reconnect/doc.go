/*
Package reconnect reports Redis clients that try again by themselves.

# Analyzer reconnect

reconnect: report Redis clients that retry, reconnect or keep idle connections by themselves

The options that a client is opened with are reported when they leave on what
the client does unasked: commands that are sent again, connections that are
dialed again, things that are refreshed in the background, idle connections that
are opened before somebody needs them. One finding lists all of it. The fix sets
the value that turns it off in that version of that library.

# Why

An invocation is short, and its caller retries. A client that retries as well
multiplies the load on a server that is in trouble, at the time when it can bear
it least, and hides the trouble until the platform ends the invocation. go-redis
sends a command up to four times by default, and from v9.15.1 on dials five
times for each: a dead host is dialed 20 times. rueidis repeats commands that
only read without a limit: 18 dials in the one second that a context gave it.
What runs in the background does not run while an instance is frozen, and works
on dead sockets when it thaws.

The values are traps. MaxRetries: 0 means three in go-redis from v8 on, and -1
turns retries off. Before v7, -1 lets no command be sent at all, and no error is
returned. That is reported in every profile.

# Bad

	rdb := redis.NewClient(&redis.Options{Addr: addr}) // MaxRetries is 3

	rdb := redis.NewClient(&redis.Options{Addr: addr, MaxRetries: -1, MinIdleConns: 10})

	client, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: addrs})

With go-redis v6:

	rdb := redis.NewClient(&redis.Options{Addr: addr, MaxRetries: -1}) // sends nothing

# Good

	rdb := redis.NewClient(&redis.Options{
		Addr:       addr,
		MaxRetries: -1,
		MaintNotificationsConfig: &maintnotifications.Config{ // from v9.15.1 on
			Mode: maintnotifications.ModeDisabled,
		},
	})

	client, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: addrs, DisableRetry: true})

Where an operation is worth a second attempt, make it where you know that the
operation may run twice, with a limit and a pause, around a scope of its own.

# Profile

All of it is reported in the profile serverless. Elsewhere a retry of a command
is the client's business, and nothing but the value that sends nothing is reported.

# When to ignore

The rule is silent about values that it cannot know, about test files, and about
what a library has no switch for: redirections in a cluster, the reconnection of
valkey-glide and radix v4. Outside serverless code nothing but the trap is reported: in
a process that lives long, a retry of a command that may run twice is right.
*/
package reconnect
