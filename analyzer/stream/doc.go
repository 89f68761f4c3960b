/*
Package stream reports message loops that go on after the request has ended.

# Analyzer stream

stream: report message loops in request handlers that go on after the request has ended

A streaming handler waits for messages and writes each to its client. The rule
reports such a loop when nothing ends it after the client has disconnected: it
ranges over the channel of a subscription, calls ReceiveMessage, or repeats a
blocking read, and neither checks the request's context nor returns when a write
fails. Handlers of net/http, gin, echo, fiber, chi, Connect and gRPC are known,
and functions that only they call. A helper with such a loop is reported where a
handler calls it, in other packages too.

# Why

The browser tab is closed, and the loop waits on. Its goroutine and its
subscription live until the process ends. Every reconnect adds another one, and a
browser's EventSource reconnects every 3 seconds. A deferred Close does not help:
the function never returns. Nor does the context passed to Subscribe: go-redis
uses it to send the command, not to wait for messages.

# Bad

	func (s *Server) events(w http.ResponseWriter, r *http.Request) {
		sub := s.rdb.Subscribe(r.Context(), "events")
		defer sub.Close()
		for msg := range sub.Channel() { // never ends
			fmt.Fprintf(w, "data: %s\n\n", msg.Payload)
		}
	}

# Good

	messages := sub.Channel()
	for {
		select {
		case <-r.Context().Done():
			return
		case msg := <-messages:
			fmt.Fprintf(w, "data: %s\n\n", msg.Payload)
		}
	}

# Not reported

The rule is silent when the handler checks a context anywhere, when an error of a
write or of another call ends the loop, when something else may close the
subscription, when the receiving call gets the request's context and its error is
checked, about goroutines that a handler starts, about subscriptions of unknown
origin, and in test files and generated files.

# Profile

The rule runs in every profile.
*/
package stream
