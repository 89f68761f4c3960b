package monitoring

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	client "github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/redis/go-redis/v9"
	exporter "go.opentelemetry.io/otel/exporters/prometheus"
	sdk "go.opentelemetry.io/otel/sdk/metric"

	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/otelscope"
)

// A service uses scopes that otelscope counts, and exports its metrics as
// services do.
type service struct {
	addr string // of its metrics
	opts []rediscope.Option
}

func newService(t *testing.T) *service {
	t.Helper()
	registry := client.NewRegistry()
	reader, err := exporter.New(exporter.WithRegisterer(registry))
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	t.Cleanup(web.Close)
	return &service{addr: strings.TrimPrefix(web.URL, "http://"), opts: []rediscope.Option{
		otelscope.Metrics(otelscope.MeterProvider(sdk.NewMeterProvider(sdk.WithReader(reader)))),
		rediscope.Name("service/live"), rediscope.Logger(slog.New(slog.DiscardHandler)), // no line of log
	}}
}

func (s *service) scope(ctx context.Context, fn func(context.Context, *redis.Client) error, where rediscope.Option) error {
	return rediscope.WithRedis(ctx, fn, append(s.opts, where)...)
}

// misbehave holds connections to a server open, fails to connect to another,
// again and again, and cannot close some, until it is stopped.
func (s *service) misbehave(t *testing.T, addr string) (stop func()) {
	t.Helper()
	ping := func(ctx context.Context, rdb *redis.Client) error { return rdb.Ping(ctx).Err() }
	unclosable := &redis.Options{Addr: addr, Dialer: func(context.Context, string, string) (net.Conn, error) {
		c, err := net.Dial("tcp", addr)
		return stuck{c}, err
	}}
	if err := s.scope(t.Context(), ping, rediscope.Options(unclosable)); !errors.Is(err, errStuck) {
		t.Errorf("%v, want %v", err, errStuck)
	}
	ctx, cancel := context.WithCancel(t.Context())
	nobody := rediscope.URL("redis://" + freeAddr(t))
	var wg sync.WaitGroup
	for range 25 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_ = s.scope(ctx, func(ctx context.Context, rdb *redis.Client) error {
				err := rdb.Ping(ctx).Err()
				<-ctx.Done()
				return err
			}, rediscope.URL("redis://"+addr))
		}()
	}
	wg.Add(1)
	go func() {
		defer wg.Done()
		for ctx.Err() == nil {
			_ = s.scope(ctx, ping, nobody)
			_ = s.scope(ctx, ping, rediscope.Options(unclosable))
			time.Sleep(50 * time.Millisecond)
		}
	}()
	return func() { cancel(); wg.Wait() }
}
