package otelscope_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
	"github.com/redislint/redislint/rediscope/otelscope"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

type unclosable struct{ net.Conn }

func (c unclosable) Close() error { return errors.Join(errors.New("stuck"), c.Conn.Close()) }

// sums reads what was counted, and of the histogram how many it has.
func sums(t *testing.T, reader metric.Reader) map[string]int64 {
	t.Helper()
	var data metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &data); err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, s := range data.ScopeMetrics {
		for _, m := range s.Metrics {
			switch d := m.Data.(type) {
			case metricdata.Sum[int64]:
				for _, p := range d.DataPoints {
					got[m.Name] += p.Value
					if v, _ := p.Attributes.Value("tenant"); v.AsString() != "x" {
						t.Errorf("%s has the attributes %v", m.Name, p.Attributes)
					}
				}
			case metricdata.Histogram[float64]:
				for _, p := range d.DataPoints {
					got[m.Name] += int64(p.Count)
					if p.Sum <= 0 || p.Sum > 60 {
						t.Errorf("connections were held for %v seconds", p.Sum)
					}
				}
			}
		}
	}
	return got
}

// Connections are counted while they are open, without a line of log.
func TestMetrics(t *testing.T) {
	s := redistest.Start(t, "--requirepass", "secret")
	reader := metric.NewManualReader()
	counted := otelscope.Metrics(otelscope.MeterProvider(metric.NewMeterProvider(metric.WithReader(reader))),
		otelscope.Attributes(attribute.String("tenant", "x")))
	opts := []rediscope.Option{counted, rediscope.Name("shop/cart"), rediscope.Logger(slog.New(slog.DiscardHandler))}
	get := func(ctx context.Context, rdb *redis.Client) error {
		err := rdb.Get(ctx, "none").Err()
		if got := sums(t, reader); got["rediscope.connections.open"] != 1 {
			t.Errorf("inside: %v", got)
		}
		return err
	}
	for range 3 {
		if err := rediscope.WithRedis(t.Context(), get, append(opts, rediscope.URL("redis://:secret@"+s.Addr))...); err != redis.Nil {
			t.Error(err)
		}
	}
	ping := func(ctx context.Context, rdb *redis.Client) error { return rdb.Ping(ctx).Err() }
	for _, o := range []rediscope.Option{
		rediscope.URL("redis://127.0.0.1:1"),      // nobody is there
		rediscope.URL("redis://:wrong@" + s.Addr), // the login is refused
		rediscope.Options(&redis.Options{Addr: s.Addr, Password: "secret", Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
			return unclosable{c}, err
		}}),
	} {
		if err := rediscope.WithRedis(t.Context(), ping, append(opts, o)...); err == nil {
			t.Error("no error")
		}
	}
	want := map[string]int64{
		"rediscope.connections.opened": 5, "rediscope.connections.closed": 5, "rediscope.connections.open": 0,
		"rediscope.connection.held": 5, "rediscope.connect.failed": 2, "rediscope.disconnect.failed": 1,
	}
	got := sums(t, reader)
	for name, n := range want {
		if got[name] != n {
			t.Errorf("%s is %d, want %d", name, got[name], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%v", got)
	}
}
