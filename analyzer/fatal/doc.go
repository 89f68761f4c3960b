/*
Package fatal reports Redis errors that end the process while it serves a
request, and missing keys that are answered as failures.

# Analyzer fatal

fatal: report Redis errors that end the process while it serves a request, and missing keys answered with status 500

Both are reported in request handlers, and in functions that only handlers call.

An error of Redis ends the process: it reaches log.Fatal, os.Exit, panic, or a
function of the project that does not return.

A single key is read, the key may be missing, and the error is answered with a
status of 500 or more without checking for redis.Nil, by whatever name. This
applies to GET, GETEX, GETDEL, HGET, LINDEX, LPOP, RPOP, SPOP, SRANDMEMBER,
ZSCORE, ZRANK and ZREVRANK, and to functions of the project that return such an
error unchanged.

# Why

When a handler ends the process, all requests in flight fail with it: with 20 of
them, one error is 20 failures. The process starts again and opens connections,
to a server that has just refused some.

A missing key is no failure. Answered with 500 it is retried by clients, counted
by alerts, and hides the day on which Redis does fail.

# Bad

	name, err := rdb.Get(r.Context(), "name").Result()
	if err != nil {
		log.Fatal(err)
	}

	name, err := rdb.Get(r.Context(), "name").Result()
	if err != nil {
		http.Error(w, err.Error(), 500) // also if the key does not exist
		return
	}

# Good

	name, err := rdb.Get(r.Context(), "name").Result()
	switch {
	case errors.Is(err, redis.Nil):
		http.NotFound(w, r)
		return
	case err != nil:
		log.Print(err)
		name = fallback()
	}

# Not reported

Ending the process is right where a program starts: in main and in constructors.
An error that is compared with something, passed to a function that inspects it,
or stored may have been checked for redis.Nil. A key that the same handler has
just written exists. The rule is silent in test files and generated files.

If the key must exist, because the same program wrote it earlier, a missing key is
a failure indeed: ignore the finding.

# Profile

The rule runs in the profiles serverless and any.
*/
package fatal
