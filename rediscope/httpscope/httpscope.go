// Package httpscope gives each request of a net/http server one scope of rediscope.
package httpscope

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/redislint/redislint/rediscope"
)

// Handler makes each request that next serves an invocation: the scopes of a
// request use the same connections, the first of which is opened with the first
// command. They are closed when next returns, also by a panic, and cut when the
// client disconnects.
//
//	http.Handle("/cart", httpscope.Handler(cart, rediscope.Name("shop/cart")))
//
// A handler that streams, or answers for long after its last command, holds its
// connection for as long, and is better left without. If the options are wrong,
// next is not called, and the answer has the status 500.
func Handler(next http.Handler, opts ...rediscope.Option) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		called := false
		err := rediscope.Invocation(r.Context(), func(ctx context.Context) error {
			called = true
			next.ServeHTTP(w, r.WithContext(ctx))
			return nil
		}, opts...)
		if !called { // otherwise it is an error of closing, which is in the log
			slog.ErrorContext(r.Context(), "redis: bad options", slog.Any("error", err))
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		}
	})
}
