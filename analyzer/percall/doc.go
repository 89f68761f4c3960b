/*
Package percall reports clients that a service opens for every request or call.

# Analyzer percall

percall: report clients that a service opens for every request or call

The rule reports a client, pool, cluster or connection that a request handler
opens, directly or through helpers, or that a function opens on every call, and
that does not outlive the request or call.

A handler is known by its parameters: those of net/http, gin, echo, fiber,
fasthttp, hertz, iris, beego, goframe, go-restful, Connect and gRPC. A function
that only handlers call belongs to their requests too.

# Why

A client is meant to be shared and its connections to be reused. A command on an
open connection takes one round trip: 1.2 ms at 1 ms to the server. With a client
of its own the same command takes 4.1 to 6.9 ms, more with TLS, and the server
spends its single thread on handshakes. docs/lifetimes.md has the measurements,
and when a client per request is right.

# Bad

	func (s *server) show(w http.ResponseWriter, r *http.Request) {
		rdb := redis.NewClient(s.opts)
		defer rdb.Close()
		name, err := rdb.Get(r.Context(), "name").Result()
		...
	}

	func (s *Store) Get(key string) (string, error) {
		conn, err := redis.Dial("tcp", s.addr)
		if err != nil {
			return "", err
		}
		defer conn.Close()
		return redis.String(conn.Do("GET", key))
	}

# Good

	func main() {
		rdb := redis.NewClient(opts)
		defer rdb.Close()
		s := &server{rdb: rdb}
		...
	}

	func (s *server) show(w http.ResponseWriter, r *http.Request) {
		name, err := s.rdb.Get(r.Context(), "name").Result()
		...
	}

# Not reported

A client that is opened once and kept, even if by the first request; one whose
address or credentials come from the request or are parameters of the function
that opens it; connections taken from a pool; clients of main, init, constructors
and commands; functions that pass their client to a callback, outside handlers.
The rule is silent in test files and generated files.

# Profile

The rule runs in services, whether the code shows that the program is one or
-profile=service says so. In the profile serverless, unscoped and singleton ask
for the opposite.
*/
package percall
