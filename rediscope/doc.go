// Package rediscope runs a function with a Redis client that is opened for it
// and closed after it, whatever the function does.
//
// It is made for serverless functions, whose instances are frozen and thawed: a
// client that outlives an invocation keeps its connections while nobody runs,
// and finds them dead afterwards. A scope's client lives for one call:
//
//	err := rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
//		return rdb.Set(ctx, key, value, time.Hour).Err()
//	})
//
// [Value] is for a function that yields a value. [WithRedisRetry] is for work that must not fail because Redis restarts, and
// repeats nothing that may have run. [WithRedisFallback] is for work that can do
// without Redis. [Invocation] has the scopes of a request use one connection.
// [Subscribe] is for streams. [WithUniversal] and its variants are
// for clusters, rings and Sentinel. [Open] makes a client that lives as long as
// its process, which is what a service wants, and all functions take it.
//
// # What a scope promises
//
// The client is closed when the function returns, panics or ends its goroutine,
// and with it every connection, also those that go-redis is just opening.
//
// Nothing waits longer than the context of the call. When that ends, all commands
// that were begun before end with it, whatever contexts of their own they have,
// and whether they wait for a connection or for an answer. What is begun later,
// with a context of its own, runs on a new connection, for as long as it asks.
// Host names are looked up once, by the dialer, and sentinels are asked all at
// once: a name server or a sentinel that is silent holds nothing up for longer.
//
// Without a deadline, connecting, writing, reading and waiting for a connection
// of the pool take at most 5 seconds each. Where go-redis by itself would dial
// five times, repeat a command three times, or wait for an answer that a
// cancelled context no longer wants, a scope does not.
//
// Errors come out as they are. redis.Nil is an answer.
//
// # What it costs
//
// One round trip to connect, one for the greeting, and those of the commands; TLS
// adds its own. A connection that one writes by hand costs the same. The greeting
// tells user, password and name; a database other than 0 costs one more. The option
// URL tells when the greeting is left out. Inside an [Invocation] only the first
// scope pays for more than its commands.
//
// # Logs
//
// go-redis has a logger of its own and prints to standard error. redis.SetLogger
// routes it.
//
// # What it does not do
//
// A command that has been sent cannot be called back. A goroutine that the
// function starts and does not wait for gets redis.ErrClosed. After the second
// failure to connect within one scope go-redis probes the server in a goroutine
// that ends up to a second after the scope.
//
// A redis.PubSub whose Channel was called and that nobody closes keeps a goroutine
// of go-redis, which checks its health every three seconds, though no connection.
// [Subscribe] closes its own; leaktest and redislint's rule unclosed find others.
// A MONITOR ends with the scope, if somebody reads what it has received.
package rediscope
