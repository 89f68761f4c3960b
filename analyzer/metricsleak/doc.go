/*
Package metricsleak reports instrumentation that keeps closed clients.

# Analyzer metricsleak

metricsleak: report instrumentation that registers a short-lived client for ever

redisotel.InstrumentMetrics registers callbacks that ask the client for the
state of its pool, and nothing takes them back. So does a collector that is
registered with Prometheus. The rule reports such a call when the client is one
that a scope closes, or one that a request handler opens and closes itself. A
helper that registers what it is given is reported where it is called, in other
packages too.

# Why

The meter holds the callback, the callback holds the client, and the client its
pool: closed or not, none of them is ever collected. In a measurement, 20
clients that were instrumented and dropped were all still there after 6 garbage
collections, and of 20 without metrics none was. A function that opens one
client for each invocation grows with every one, and every collection of metrics
asks all of them.

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

Traces are attached to the client, and go with it:

	if err := redisotel.InstrumentTracing(rdb); err != nil {
		return err
	}

For metrics, count what the scope does, with instruments that are made once for
the process, or instrument a client that lives as long as the process:

	func main() {
		rdb := redis.NewClient(opts)
		defer rdb.Close()
		if err := redisotel.InstrumentMetrics(rdb); err != nil {
			log.Fatal(err)
		}
		serve(rdb)
	}

# Profile

The rule runs in every profile.

# When to ignore

The rule is silent about clients whose origin it does not know, about those that
a main function or a constructor opens, and in test files and generated files.
*/
package metricsleak
