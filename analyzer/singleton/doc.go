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

# When to ignore

A long-lived process that serves many requests should share one client: that is
what a pool is for. If the module is such a process, switch this rule off
instead of ignoring its findings one by one. In generated files and in test
files the rule is silent: a test's client dies with the test.
*/
package singleton
