/*
Package reconnect reports Redis clients that retry or reconnect by themselves.

# Analyzer reconnect

reconnect: report Redis clients that retry, reconnect or keep idle connections by themselves

The options of a client are reported when they leave on what the client does
unasked: sending commands again, dialing again, refreshing in the background,
opening idle connections in advance. One finding lists all of it, with the values
that turn it off in the version of the library you use.

# Why

An invocation is short, and its caller retries. A client that retries as well
multiplies the load on a server in trouble, and hides the trouble until the
platform ends the invocation. go-redis sends a command up to 4 times by default,
and from v9.15.1 on dials 5 times for each: a dead host is dialed 20 times.
rueidis retries read-only commands without a limit. What runs in the background
does not run while an instance is frozen.

The values are traps. MaxRetries: 0 means 3 in go-redis from v8 on, and -1 turns
retries off. Before v7, -1 sends no command at all and returns no error; that is
reported in every profile.

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

Where an operation is worth a second attempt, retry it where you know that it may
run twice, with a limit and a pause, around a scope. With -unsafe-fixes,
redislint -fix sets the values.

# Not reported

The rule is silent about values that it cannot know, about what a library cannot
turn off (redirects in a cluster, the reconnects of valkey-glide and radix v4), and
in test files.

# Profile

The rule runs in the profile serverless. In a long-running service a retry is
right; there only the value that sends nothing is reported.
*/
package reconnect
