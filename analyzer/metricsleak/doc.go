/*
Package metricsleak reports instrumentation that keeps closed clients in
memory.

# Analyzer metricsleak

metricsleak: report instrumentation that keeps short-lived clients in memory

redisotel.InstrumentMetrics registers callbacks that ask the client for the state
of its pool, and nothing removes them. The same is true of a collector registered
with Prometheus. The rule reports such a call when the client is closed by a scope,
or by the function that opened it, if that is a request handler or returns soon. A
helper that registers its argument is reported where it is called, in other
packages too.

# Why

The meter keeps the callback, the callback the client, and the client its pool:
closed or not, none of them is ever collected. In a measurement 20 instrumented
clients were all still in memory after 6 garbage collections, and none of 20
without metrics. A function that opens a client per invocation grows with every
one, and every collection of metrics asks all of them.

# Bad

	func WithRedis(ctx context.Context, fn func(*redis.Client) error) error {
		rdb := redis.NewClient(opts)
		defer rdb.Close()
		if err := redisotel.InstrumentMetrics(rdb); err != nil {
			return err
		}
		return fn(rdb)
	}

# Good

Traces are attached to the client and collected with it:

	if err := redisotel.InstrumentTracing(rdb); err != nil {
		return err
	}

For metrics, count in the scope, with instruments that are created once per
process, or instrument a client that lives as long as the process:

	func main() {
		rdb := redis.NewClient(opts)
		defer rdb.Close()
		if err := redisotel.InstrumentMetrics(rdb); err != nil {
			log.Fatal(err)
		}
		serve(rdb)
	}

# Not reported

The rule is silent about clients of unknown origin, about those that main, a
constructor or a function that waits or serves opens, about a registry that the
function makes itself or unregisters from, and in test files and generated files.

# Profile

The rule runs in every profile.
*/
package metricsleak
