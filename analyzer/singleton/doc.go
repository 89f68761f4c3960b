/*
Package singleton reports Redis clients that are kept across invocations.

# Analyzer singleton

singleton: report Redis clients in package-level variables, or kept across invocations by a handler

Two things are reported: a package-level variable that holds a client, pool,
connection or subscription, and a client that a serverless handler keeps from one
invocation to the next, as a captured variable or a field of its receiver.

# Why

A serverless platform freezes an instance between two invocations and runs many
instances side by side. While an instance is frozen nobody reads from its
connections: the server or a load balancer drops them, and the next invocation
finds out by a timeout. Instances that are never thawed keep theirs until the
server gives up on them. A hundred instances with a pool of ten connections are
1000 connections, whatever the traffic is.

A client of its own costs an invocation 3 to 6 ms within one data centre.
docs/lifetimes.md compares both ways, with measurements.

# Bad

	var rdb = redis.NewClient(opts)

	func handle(ctx context.Context, key string) (string, error) {
		return rdb.Get(ctx, key).Result()
	}

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

It makes no difference what stands between the variable and the client (structs,
pointers, slices, maps, interfaces, sync.OnceValue, sync.Pool, atomic.Pointer,
closures), nor who assigns it: an initializer, init, or a getter on first use.

# Not reported

Options, scripts, errors, results of commands, functions that open a client on
every call, and interface variables to which no client is assigned. The rule is
silent in test files and generated files.

# Profile

The rule runs in every profile except -profile=service, by which a team says that
it shares a client on purpose; percall then reports clients opened again and
again. Of a program that -profile=auto takes for a service it reports
package-level variables only: nobody can pass in another client, or close it.
*/
package singleton
