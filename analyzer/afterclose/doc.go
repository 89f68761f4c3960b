/*
Package afterclose reports clients that are used after Close, or closed too
early or by the wrong function.

# Analyzer afterclose

afterclose: report clients that are used after Close, or closed too early or by the wrong function

Five mistakes are reported: a client, pool, connection or subscription that is
used, itself or through a pipeline or another handle, after a path has closed it; a
deferred Close of what the function returns, stores for others, or leaves to a
goroutine that it does not wait for; a callback that closes the client which its
scope closes itself; a Close that is deferred before the error of the opening call
is checked, where that call returns nil with an error; and a deferred call of a
function that opens something and returns its cleanup function, where the cleanup
function was meant.

# Why

A command on a closed client always fails with "redis: client is closed", often in
an error branch that no test reaches. A Close that is deferred too early turns a
refused connection into a nil pointer dereference. A deferred call that drops the
cleanup function leaks 1 connection per call.

# Bad

	rdb.Close()
	return rdb.Get(ctx, key).Result() // closed

	func NewStore(ctx context.Context) *Store {
		rdb := redis.NewClient(opts)
		defer rdb.Close() // the Store gets a closed client
		return &Store{rdb}
	}

	err := WithRedis(ctx, func(rdb *redis.Client) error {
		defer rdb.Close() // WithRedis closes it
		return rdb.Ping(ctx).Err()
	})

	conn, err := redis.Dial("tcp", addr)
	defer conn.Close() // conn is nil if err is not
	if err != nil {
		return err
	}

	defer connect() // func connect() (cleanup func())

# Good

	defer rdb.Close()
	return rdb.Get(ctx, key).Result()

	func NewStore(ctx context.Context) *Store {
		return &Store{redis.NewClient(opts)} // Store has a method Close
	}

	conn, err := redis.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()

	defer connect()()

# Not reported

Closing twice: a deferred Close beside an explicit one whose error is checked is
good style. A function that closes its parameter, and a variable that is opened
again. A function that stores a client for as long as it runs, and one that closes
only what it returns with an error. The rule does not guess when another goroutine
closes something. In test files it is silent about uses after Close and deferred
ones that come too early, and in generated files about everything.

# Profile

The rule runs in every profile.
*/
package afterclose
