/*
Package percall reports clients that a service opens for each request.

# Analyzer percall

percall: report clients that a service opens for each request or call

The rule is for processes that live long, and is asked in the profile service
alone. It reports a client, pool, cluster or dialed connection that a request
handler opens, itself or through helpers, or that a function opens in each call,
and that does not outlive the request or the call: at the opening call.

A handler is known by its parameters: those of net/http, gin, echo, fiber,
fasthttp, hertz, iris, beego, goframe, go-restful, Connect and gRPC. A function that
only handlers are seen to call is on the path of their requests too. So is the
handler given to a serverless entry point.

# Why

A client is made to be shared, and its pool to be used again. A command on an
open connection costs one round trip: 1.2 ms at a millisecond to the server. The
same command with a client of its own costs 4.1 to 6.9 ms, with TLS more, and the
server spends its one thread on handshakes. The side that closes keeps the port
for a minute, so that one host can make about 470 connections a second to one
server, and no more.

AWS says the same of what is outside of a Lambda handler, SonarSource's rule S6243
reports the opposite of what the profile serverless asks for, and the comment on
Close in go-redis says that a client is long-lived and shared. The manual of
singleton has both sides.

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

These are right: a client that is opened once and kept, be it at the first
request; one whose address or credentials come from the request; connections
taken from a pool; clients of main, of init, of constructors, of commands and of
tests; functions that lend their client to a callback, outside of handlers.

# Profile

The rule runs in services, whether the code shows that or -profile=service says
it. In the profile serverless a client of its own for each invocation is what
unscoped and singleton ask for.

# When to ignore

When requests are rare and the server allows few connections, one connection for
each may be the better choice. In test files and in generated files the rule is
silent.
*/
package percall
