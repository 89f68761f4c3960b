// Package otelscope makes a span of OpenTelemetry of each scope of rediscope, and
// metrics of its connections: see [Metrics].
//
// A span lasts from before the client is opened to after it is closed, so it
// shows how long a connection was held and for what. The callback's context
// carries it: spans of commands, as redisotel makes them, are its children.
//
//	rediscope.WithRedis(ctx, fn,
//		otelscope.Spans(),
//		rediscope.Setup(func(rdb redis.UniversalClient) error { return redisotel.InstrumentTracing(rdb) }))
package otelscope

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

const scope = "github.com/redislint/redislint/rediscope/otelscope"

// An Option changes what Spans and Metrics do.
type Option func(*settings)

type settings struct {
	provider trace.TracerProvider
	meters   metric.MeterProvider
	attrs    []attribute.KeyValue
}

// Provider is where the spans go. The default is the global one, asked when a
// scope begins.
func Provider(p trace.TracerProvider) Option {
	return func(s *settings) { s.provider = p }
}

// Attributes are put on each span, or on each measurement.
func Attributes(attrs ...attribute.KeyValue) Option {
	return func(s *settings) { s.attrs = append(s.attrs, attrs...) }
}

// Spans is the option of rediscope that makes a span of each scope, each repetition
// of WithRedisRetry and each Subscribe. It is named "redis scope", and has the
// attributes db.system.name, server.address and server.port (of a single server),
// and those of rediscope: name, attempt and shared. An error other than redis.Nil
// is recorded and makes its status Error.
func Spans(opts ...Option) rediscope.Option {
	s := &settings{}
	for _, o := range opts {
		o(s)
	}
	return rediscope.Trace(s.start)
}

func (s *settings) start(ctx context.Context, i rediscope.Info) (context.Context, func(error)) {
	p := s.provider
	if p == nil {
		p = otel.GetTracerProvider()
	}
	ctx, span := p.Tracer(scope).Start(ctx, "redis scope",
		trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attributes(i)...), trace.WithAttributes(s.attrs...))
	return ctx, func(err error) {
		if err != nil && !errors.Is(err, redis.Nil) {
			span.RecordError(err)
			span.SetStatus(codes.Error, err.Error())
		}
		span.End()
	}
}

func attributes(i rediscope.Info) []attribute.KeyValue {
	attrs := []attribute.KeyValue{
		attribute.String("db.system.name", "redis"),
		attribute.Int("rediscope.attempt", i.Attempt),
		attribute.Bool("rediscope.shared", i.Shared),
	}
	if i.Name != "" {
		attrs = append(attrs, attribute.String("rediscope.name", i.Name))
	}
	return append(attrs, address(i.Addr)...)
}

func address(addr string) []attribute.KeyValue {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || strings.Contains(addr, ",") { // a socket, or several
		return []attribute.KeyValue{attribute.String("server.address", addr)}
	}
	attrs := []attribute.KeyValue{attribute.String("server.address", host)}
	if n, err := strconv.Atoi(port); err == nil {
		attrs = append(attrs, attribute.Int("server.port", n))
	}
	return attrs
}
