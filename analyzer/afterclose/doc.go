/*
Package afterclose reports clients that are closed, and locks that are released,
too early, too late or by the wrong function.

# Analyzer afterclose

afterclose: report clients that are used after Close, or closed too early, too late or by the wrong function

Seven mistakes are reported: a client, pool, connection or subscription that is
used, itself or through a pipeline or another handle, after a path has closed it; a
deferred Close of what the function returns, stores for others, or leaves to a
goroutine that it does not wait for; a callback that closes the client which its
scope closes itself; a function that closes the shared client which it uses on
every call; a deferred release of a lock, or delete, whose context may have ended
by then, or a call that passes such a context to another package; a Close that is
deferred before the error of the opening call is checked, where that call returns
nil with an error; and a deferred call of a function that opens something and
returns its cleanup function, where that was meant.

# Why

A command on a closed client always fails with "redis: client is closed", often in
an error branch that no test reaches. A lock that is released with the context of a
request whose client is gone stays for its whole TTL. A deferred call that drops the
cleanup function leaks 1 connection per call.

# Bad

	rdb.Close()
	return rdb.Get(ctx, key).Result() // closed

	rdb := redis.NewClient(opts)
	defer rdb.Close() // the Store gets a closed client
	return &Store{rdb}

	err := WithRedis(ctx, func(rdb *redis.Client) error {
		defer rdb.Close() // WithRedis closes it

	func (s *Store) Get(ctx context.Context, key string) (string, error) {
		defer s.rdb.Close() // the next Get fails

	lock, err := locker.Obtain(r.Context(), key, time.Minute, nil)
	defer lock.Release(r.Context()) // fails when the client is gone

	conn, err := redis.Dial("tcp", addr)
	defer conn.Close() // conn is nil if err is not

	defer connect() // func connect() (cleanup func())

# Good

	return &Store{redis.NewClient(opts)} // Store has a method Close

	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 5*time.Second)
		defer cancel()
		_ = lock.Release(ctx)
	}()

	defer connect()()

# Not reported

Closing twice. A function that closes its parameter, stores a client for as long as
it runs, or closes only what it returns with an error. A context that the function
is given, unless a caller passes that of a request, or the function waits for its
end. What another goroutine closes. In test files uses after Close and what is
closed too early or too late, and in generated files everything.

# Profile

The rule runs in every profile.
*/
package afterclose
