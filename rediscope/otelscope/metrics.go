package otelscope

import (
	"context"
	"errors"
	"time"

	"github.com/redislint/redislint/rediscope"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// MeterProvider is where the metrics go. The default is the global one.
func MeterProvider(p metric.MeterProvider) Option {
	return func(s *settings) { s.meters = p }
}

// Metrics is the option of rediscope that counts connections. Make it once, and
// give it to all calls, or to Open:
//
//	rediscope.connections.opened   counter    connections that came about
//	rediscope.connections.closed   counter    connections that were closed
//	rediscope.connections.open     up and down, those open now
//	rediscope.connection.held      histogram  seconds from the first to the second
//	rediscope.connect.failed       counter    connections that did not come about, or whose login was refused
//	rediscope.disconnect.failed    counter    connections whose closing failed
//
// Their attributes are db.system.name, server.address, server.port and
// rediscope.name, and those of Attributes. An exporter to Prometheus makes
// rediscope_connections_opened_total of the first, and so on: the names that the
// alerts and the dashboard of redislint's monitoring kit ask for. Nothing of a
// client is kept, so that scopes can be counted, as those of
// redisotel.InstrumentMetrics cannot.
func Metrics(opts ...Option) rediscope.Option {
	s := &settings{}
	for _, o := range opts {
		o(s)
	}
	if s.meters == nil {
		s.meters = otel.GetMeterProvider()
	}
	m, err := instruments(s.meters.Meter(scope))
	if err != nil { // the instruments that work count, all the same
		otel.Handle(err)
	}
	m.attrs = s.attrs
	return rediscope.Connections(rediscope.Events{Opened: m.opened, Closed: m.closed, Failed: m.failed})
}

type metrics struct {
	attrs                                                   []attribute.KeyValue
	openedTotal, closedTotal, connectFailed, disconnectFail metric.Int64Counter
	open                                                    metric.Int64UpDownCounter
	held                                                    metric.Float64Histogram
}

func instruments(meter metric.Meter) (*metrics, error) {
	var m metrics
	var errs [6]error
	m.openedTotal, errs[0] = meter.Int64Counter("rediscope.connections.opened", metric.WithUnit("{connection}"),
		metric.WithDescription("Connections to Redis that came about."))
	m.closedTotal, errs[1] = meter.Int64Counter("rediscope.connections.closed", metric.WithUnit("{connection}"),
		metric.WithDescription("Connections to Redis that were closed."))
	m.open, errs[2] = meter.Int64UpDownCounter("rediscope.connections.open", metric.WithUnit("{connection}"),
		metric.WithDescription("Connections to Redis that are open now."))
	m.held, errs[3] = meter.Float64Histogram("rediscope.connection.held", metric.WithUnit("s"),
		metric.WithDescription("Time from the opening of a connection to its closing."),
		metric.WithExplicitBucketBoundaries(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300))
	m.connectFailed, errs[4] = meter.Int64Counter("rediscope.connect.failed", metric.WithUnit("{failure}"),
		metric.WithDescription("Connections to Redis that did not come about, or whose login was refused."))
	m.disconnectFail, errs[5] = meter.Int64Counter("rediscope.disconnect.failed", metric.WithUnit("{failure}"),
		metric.WithDescription("Connections to Redis whose closing failed."))
	return &m, errors.Join(errs[:]...)
}

func (m *metrics) of(c rediscope.Conn) metric.MeasurementOption {
	attrs := append([]attribute.KeyValue{attribute.String("db.system.name", "redis")}, address(c.Addr)...)
	if c.Name != "" {
		attrs = append(attrs, attribute.String("rediscope.name", c.Name))
	}
	return metric.WithAttributeSet(attribute.NewSet(append(attrs, m.attrs...)...))
}

func (m *metrics) opened(c rediscope.Conn) {
	of := m.of(c)
	m.openedTotal.Add(context.Background(), 1, of)
	m.open.Add(context.Background(), 1, of)
}

func (m *metrics) closed(c rediscope.Conn, held time.Duration, err error) {
	of := m.of(c)
	m.closedTotal.Add(context.Background(), 1, of)
	m.open.Add(context.Background(), -1, of)
	m.held.Record(context.Background(), held.Seconds(), of)
	if err != nil {
		m.disconnectFail.Add(context.Background(), 1, of)
	}
}

func (m *metrics) failed(c rediscope.Conn, _ error) {
	m.connectFailed.Add(context.Background(), 1, m.of(c))
}
