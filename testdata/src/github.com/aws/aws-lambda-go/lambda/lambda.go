// Package lambda is a stub: the signatures the tests need, and no bodies worth
// reading.
package lambda

import "context"

// Option configures a handler.
type Option func()

// Handler answers invocations.
type Handler interface {
	Invoke(ctx context.Context, payload []byte) ([]byte, error)
}

// HandlerFunc is the shape of a handler.
type HandlerFunc[TIn, TOut any] interface {
	func(context.Context, TIn) (TOut, error) | func(TIn) (TOut, error)
}

func Start(handler interface{})                                                                  {}
func StartWithOptions(handler interface{}, options ...Option)                                    {}
func StartWithContext(ctx context.Context, handler interface{})                                  {}
func StartHandler(handler Handler)                                                               {}
func StartHandlerWithContext(ctx context.Context, handler Handler)                               {}
func StartHandlerFunc[TIn any, TOut any, H HandlerFunc[TIn, TOut]](handler H, options ...Option) {}

func NewHandler(handlerFunc interface{}) Handler                               { return nil }
func NewHandlerWithOptions(handlerFunc interface{}, options ...Option) Handler { return nil }
func WithEnableSIGTERM(callbacks ...func()) Option                             { return nil }
