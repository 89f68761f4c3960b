// Package lambdascope gives each invocation of an AWS Lambda function one scope of
// rediscope.
//
//	lambda.Start(lambdascope.Func(handle, rediscope.Name("shop/cart")))
//
// The scopes of an invocation use the same connections, the first of which is
// opened with the first command. They are closed when the handler returns, also
// by a panic, and cut at the deadline of the invocation: none is there while the
// instance is frozen. A response that is streamed is read after that, so its
// reader has to have a scope of its own.
package lambdascope

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/redislint/redislint/rediscope"
)

// Func wraps a handler function. If the options are wrong, it is not called, and
// the error is that of the invocation. An error of closing is only logged.
func Func[In, Out any](handle func(context.Context, In) (Out, error), opts ...rediscope.Option) func(context.Context, In) (Out, error) {
	return func(ctx context.Context, in In) (out Out, err error) {
		called := false
		bad := rediscope.Invocation(ctx, func(ctx context.Context) error {
			called = true
			out, err = handle(ctx, in)
			return nil
		}, opts...)
		if !called {
			return out, bad
		}
		return out, err
	}
}

// Handler wraps a handler, such as one of lambda.NewHandler, as Func does.
func Handler(h lambda.Handler, opts ...rediscope.Option) lambda.Handler {
	return handler(Func(h.Invoke, opts...))
}

type handler func(ctx context.Context, payload []byte) ([]byte, error)

func (h handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) { return h(ctx, payload) }
