/*
Package fatal reports errors of Redis that do more harm to a request than they
must.

# Analyzer fatal

fatal: report Redis errors that end the process while a request is served

Two things are reported, and only on the path of a request: in a handler, and in
functions that nobody but handlers is seen to call.

An error of Redis ends the process, or panics: at log.Fatal, os.Exit, panic, at a
function that never returns, or at a helper that ends the process when it is
given an error.

The read of a single key fails because the key does not exist, and the code
answers that with a status of 500 or more, without having asked whether it is
that: at the answer. It counts for GET, GETEX, GETDEL, HGET, LINDEX, LPOP, RPOP,
SPOP, SRANDMEMBER, ZSCORE, ZRANK and ZREVRANK, in every library's form, and for
the project's functions that return such an error as it is.

# Why

A cache that does not answer is no reason to answer nothing. When a handler ends
the process, all requests that it serves are lost with this one, the instance
starts anew, and what starts opens connections: at a server that has just
refused some. With 20 requests in flight one error is 20 failures.

A missing key is no failure either. Answered with 500 it is retried by clients,
counted by alarms, and hides the day on which Redis does fail.

# Bad

	func show(w http.ResponseWriter, r *http.Request) {
		name, err := rdb.Get(r.Context(), "name").Result()
		if err != nil {
			log.Fatal(err)
		}
		...
	}

	func show(w http.ResponseWriter, r *http.Request) {
		name, err := rdb.Get(r.Context(), "name").Result()
		if err != nil {
			http.Error(w, err.Error(), 500) // of a key that does not exist as well
			return
		}
		...
	}

# Good

	func show(w http.ResponseWriter, r *http.Request) {
		name, err := rdb.Get(r.Context(), "name").Result()
		switch {
		case errors.Is(err, redis.Nil):
			http.NotFound(w, r)
			return
		case err != nil:
			log.Print(err)
			name = fallback()
		}
		...
	}

To end the process is right where a program starts: in main, in constructors, in
what runs once. An error that is compared with something, that a function looks
at, or that is kept for somebody else may have been told apart, and is not
reported as a miss. A key that another command has just had in its hands exists.

# Profile

The rule runs in the profiles serverless and any.

# When to ignore

If the key must exist, because the same program wrote it, a miss is a failure
indeed. In test files and in generated files the rule is silent.
*/
package fatal
