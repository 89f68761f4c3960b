/*
Package stream reports loops over messages that outlive the request.

# Analyzer stream

stream: report loops over messages in a request handler that do not end when the request does

A handler that streams waits for one message after the other and writes it to
its reader. The rule reports such a loop when nothing ends it after the reader
has gone: it ranges over the channel of a subscription, calls ReceiveMessage, or
repeats a blocking read, and neither asks the request's context nor leaves when
a write fails. Handlers of net/http, gin, echo, fiber, chi, connect and gRPC are
known, and what only they call. A function of another package that has such a
loop is reported where a handler calls it.

# Why

The reader closes the tab, the loop waits on. Its goroutine and its subscription
live until the process ends, and every reconnect of the reader adds one: a
browser's EventSource reconnects every 3 seconds. A deferred Close does not help, since the function
never returns. The context that a subscription was made with does not end it
either: go-redis uses that to send the command, and not to wait for messages.

# Bad

	func (s *Server) events(w http.ResponseWriter, r *http.Request) {
		sub := s.rdb.Subscribe(r.Context(), "events")
		defer sub.Close()
		for msg := range sub.Channel() { // waits for ever
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

# Profile

The rule runs in every profile.

# When to ignore

The rule is silent when the handler asks for the end of a context anywhere, when
an error of a write or any other call ends the loop, when somebody else may close the subscription, when
the call that receives is given the request's context and its error is looked
at, and about goroutines that a handler starts. It is silent about a
subscription of unknown origin, and in test files and generated files.
*/
package stream
