package cases

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/extra/redisotel/v9"
	"github.com/redis/go-redis/extra/redisprometheus/v9"
	"github.com/redis/go-redis/v9"
	"metricsleak/helpers"
)

// Traces go with the client.
func traced(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	if err := redisotel.InstrumentTracing(rdb); err != nil {
		return err
	}
	return fn(rdb)
}

// A helper that registers nothing.
func tracedByHelper() error {
	return helpers.WithRedis(func(rdb *redis.Client) error { return helpers.Trace(rdb) })
}

// A program that runs as long as its client.
func run() error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	if err := redisotel.InstrumentMetrics(rdb); err != nil {
		return err
	}
	return http.ListenAndServe(":80", nil)
}

// A constructor.
type store struct{ rdb *redis.Client }

func newStore() (*store, error) {
	rdb := redis.NewClient(opts)
	if err := redisotel.InstrumentMetrics(rdb); err != nil {
		rdb.Close()
		return nil, err
	}
	return &store{rdb}, nil
}

// A field.
func (s *store) measure() error { return redisotel.InstrumentMetrics(s.rdb) }

// A package-level client.
var shared = redis.NewClient(opts)

func measureShared() error { return redisotel.InstrumentMetrics(shared) }

// A parameter: its callers answer.
func measureAny(rdb redis.UniversalClient) error { return redisotel.InstrumentMetrics(rdb) }

func (s *store) measureField() error { return measureAny(s.rdb) }

// A shared client in a handler.
func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	redisotel.InstrumentMetrics(s.rdb)
}

// A shared client in a callback.
func (s *store) other() error {
	return helpers.WithRedis(func(rdb *redis.Client) error {
		if err := redisotel.InstrumentMetrics(s.rdb); err != nil {
			return err
		}
		return nil
	})
}

// A helper that lends what it was given.
func lend(rdb *redis.Client, fn func(*redis.Client) error) error { return fn(rdb) }

func lentShared() error {
	return lend(shared, func(rdb *redis.Client) error { return redisotel.InstrumentMetrics(rdb) })
}

// A collector of a shared client, and one of something else.
func (s *store) collect() {
	prometheus.MustRegister(redisprometheus.NewCollector("shop", "redis", s.rdb))
}

type counter struct{}

func (counter) Collect() {}

func count() error {
	return helpers.WithRedis(func(rdb *redis.Client) error { return prometheus.Register(counter{}) })
}

// A handler that opens what somebody else keeps.
func (s *store) opens(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(opts)
	redisotel.InstrumentMetrics(rdb)
	s.rdb = rdb
}
