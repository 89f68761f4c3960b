package otelscope_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
	"github.com/redislint/redislint/rediscope/otelscope"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

func TestSpans(t *testing.T) {
	s := redistest.Start(t)
	spans := tracetest.NewSpanRecorder()
	provider := trace.NewTracerProvider(trace.WithSpanProcessor(spans))
	opts := []rediscope.Option{rediscope.URL(s.URL()), rediscope.Name("shop/cart"),
		otelscope.Spans(otelscope.Provider(provider), otelscope.Attributes(attribute.String("tenant", "x")))}

	err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
		_, command := provider.Tracer("test").Start(ctx, "GET")
		defer command.End()
		return rdb.Get(ctx, "none").Err()
	}, opts...)
	if err != redis.Nil {
		t.Fatal(err)
	}
	ended := spans.Ended()
	if len(ended) != 2 || ended[1].Name() != "redis scope" || ended[0].Parent().SpanID() != ended[1].SpanContext().SpanID() {
		t.Fatalf("%d spans: %v", len(ended), ended)
	}
	if ended[1].Status().Code != codes.Unset || len(ended[1].Events()) != 0 {
		t.Errorf("redis.Nil is an error: %v", ended[1].Status())
	}
	host, port, _ := net.SplitHostPort(s.Addr)
	n, _ := strconv.Atoi(port)
	want := []attribute.KeyValue{
		attribute.String("db.system.name", "redis"), attribute.Int("rediscope.attempt", 1), attribute.Bool("rediscope.shared", false),
		attribute.String("rediscope.name", "shop/cart"), attribute.String("server.address", host), attribute.Int("server.port", n),
		attribute.String("tenant", "x"),
	}
	if got := ended[1].Attributes(); !slices.Equal(got, want) {
		t.Errorf("attributes %v, want %v", got, want)
	}
}

// A failed scope is an error, and so is each attempt of a retry.
func TestErrors(t *testing.T) {
	before := otel.GetTracerProvider()
	defer otel.SetTracerProvider(before)
	spans := tracetest.NewSpanRecorder()
	otel.SetTracerProvider(trace.NewTracerProvider(trace.WithSpanProcessor(spans)))
	own := errors.New("own")
	quiet := rediscope.Logger(slog.New(slog.DiscardHandler))

	err := rediscope.WithRedisRetry(t.Context(), func(ctx context.Context, rdb *redis.Client) error { return rdb.Ping(ctx).Err() },
		rediscope.URL("redis://127.0.0.1:1"), rediscope.Attempts(2, time.Millisecond), otelscope.Spans(), quiet)
	if err == nil {
		t.Error("nobody answered without an error")
	}
	err = rediscope.WithUniversal(t.Context(), func(context.Context, redis.UniversalClient) error { return own },
		rediscope.Ring(&redis.RingOptions{Addrs: map[string]string{"a": "127.0.0.1:1", "b": "127.0.0.1:2"}}), otelscope.Spans(), quiet)
	if err != own {
		t.Error(err)
	}
	ended := spans.Ended()
	if len(ended) != 3 {
		t.Fatalf("%d spans", len(ended))
	}
	for _, s := range ended {
		if s.Status().Code != codes.Error || len(s.Events()) != 1 {
			t.Errorf("%v", s.Status())
		}
	}
	if !slices.Contains(ended[1].Attributes(), attribute.Int("rediscope.attempt", 2)) {
		t.Errorf("the second attempt: %v", ended[1].Attributes())
	}
	if !slices.Contains(ended[2].Attributes(), attribute.String("server.address", "127.0.0.1:1,127.0.0.1:2")) {
		t.Errorf("the ring: %v", ended[2].Attributes())
	}
}
