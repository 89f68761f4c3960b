/*
Package singleton reports Redis clients that outlive the invocation that uses
them.

# Analyzer singleton

singleton: report Redis clients kept beyond the invocation that uses them

Two things are reported. A package-level variable that holds a client, pool,
connection or subscription: at the variable. And a client that main, init or a
constructor opens and that the handler given to a serverless entry point keeps,
as a captured variable or as a field of its receiver: at the call that opens it.

# Why

A serverless platform freezes an instance between two invocations, thaws it, and
runs many instances side by side. A client that is kept has connections that
nobody reads while the instance is frozen: the server or a load balancer drops
them, and the next invocation finds out by waiting for a timeout. Instances
that are never thawed again keep their connections until the server gives up on
them. A hundred instances with a pool of ten each are a thousand connections,
whatever the traffic is.

Opening a client takes a millisecond or two inside one data centre. In a
function that is the price of never counting connections again.

# Bad

	var rdb = redis.NewClient(opts)

	func handle(ctx context.Context, key string) (string, error) {
		return rdb.Get(ctx, key).Result()
	}

A variable by another route:

	var client = sync.OnceValue(func() *redis.Client {
		return redis.NewClient(opts)
	})

A handler that captured its client:

	func main() {
		rdb := redis.NewClient(opts)
		lambda.Start(func(ctx context.Context, key string) (string, error) {
			return rdb.Get(ctx, key).Result()
		})
	}

# Good

Keep the options, which hold no connection, and open the client where it is
used:

	var opts = &redis.Options{Addr: os.Getenv("REDIS_ADDR")}

	func handle(ctx context.Context, key string) (value string, err error) {
		err = WithRedis(ctx, func(rdb *redis.Client) error {
			value, err = rdb.Get(ctx, key).Result()
			return err
		})
		return value, err
	}

A variable is reported whatever stands between it and the client: struct fields,
pointers, slices, arrays, maps and channels, embedded types, type arguments,
interfaces that a client is assigned to, sync.Once, sync.OnceValue, sync.Pool,
sync.Map, atomic.Pointer and atomic.Value, and closures. It does not matter who
assigns it: an initialiser, init, a setup function, or a getter at its first
use.

The serverless entry points are those of aws-lambda-go, of
functions-framework-go, of OpenFaaS and of Knative functions, and the exported
handlers of packages in a Vercel api folder.

These are no singletons: options, scripts, errors, results of commands,
functions that open a client each time they are called, tables of such
functions, blank variables that assert a type, and variables of an interface
type that no client is assigned to. A client that main of an ordinary server
opens and passes on is not reported either.

# Profile

The rule runs in every profile but service. Of a program that its code shows to
be a service it reports package-level variables too, since whoever uses such a
client can neither be given another one nor close it. A team that shares one on
purpose says so with -profile=service; there a client that is opened again and
again is the finding, and percall reports it.

Both sides have good reasons. For sharing speak the comment on Close in go-redis,
which calls a client long-lived and meant to be shared, AWS' best practices for
Lambda, which open connections outside of the handler, and SonarSource's rule
S6243, which reports the opposite of this one. ElastiCache's documentation
measures 0.21 ms for a command on an open connection and 2.82 ms with a connection
of its own. With go-redis and one millisecond to the server we measure 1.2 ms for
a command on a shared client, 4.1 ms on a client of its own with the settings of
rediscope, and 6.9 ms with the defaults. And the side that closes keeps each port
for a minute: one host makes about 470 connections a second to one server, and no
more.

For a client of its own speaks what freezing does. No timer runs in a frozen
instance, so that no idle connection is given up; Redis closes none by default
(timeout 0), and finds a dead peer after 300 seconds. Upstash and Vercel both
describe the connections that pile up, and Upstash's first remedy is to open the
client in the function and to close it there. Plans for serverless code allow few
connections, 30 in the smallest of Redis Cloud, and a pool of go-redis may have
ten for each CPU. Nothing survives from one request to the next: no SELECT, no
credentials that have been rotated since.

With 200 requests a second of 100 ms each, 8 ms of them with Redis, 20 instances
are warm. Shared, their 20 connections are always open; opened for each
invocation, 1.6 are on average, at the price of 200 connects a second. After a
burst of 1000 requests at once, 1000 shared connections are still there minutes
later, and none of the others.

So open for each invocation where instances freeze, load comes in bursts, the
plan is small and the work with Redis is a small part of a request. Share where
the process lives, one host has more than 100 requests a second, single
milliseconds count, or subscriptions and blocking reads are used. A function under steady load
can share a pool of one or two if the server has a timeout of 60 seconds and the
concurrency is reserved below the server's limit.

# When to ignore

A long-lived process that serves many requests should share one client: that is
what a pool is for. Check such a module with -profile=service instead of ignoring
findings one by one. In generated files and in test
files the rule is silent: a test's client dies with the test.
*/
package singleton
