// Package measured registers clients, short-lived and others.
package measured

import (
	"context"
	"net/http"

	"example.com/metrics/helpers"
	"github.com/redis/go-redis/extra/redisotel/v9"
	"github.com/redis/go-redis/v9"
)

//rules metricsleak

var options = &redis.Options{Addr: "localhost:6379"}

func withMetrics(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	if err := redisotel.InstrumentMetrics(rdb); err != nil { // metricsleak
		return err
	}
	return fn(rdb)
}

func byHelper() error {
	return helpers.WithRedis(func(rdb *redis.Client) error {
		return helpers.Measure(rdb) // metricsleak
	})
}

func serve(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	redisotel.InstrumentMetrics(rdb) // metricsleak
	rdb.Ping(r.Context())
}

func traced() error {
	return helpers.WithRedis(func(rdb *redis.Client) error { return helpers.Trace(rdb) })
}

func run() error {
	rdb := redis.NewClient(options)
	defer rdb.Close()
	if err := redisotel.InstrumentMetrics(rdb); err != nil {
		return err
	}
	return http.ListenAndServe(":8080", nil)
}

type store struct{ rdb *redis.Client }

func (s *store) measure() error { return helpers.Measure(s.rdb) }

type tenants map[string]*redis.Options

func (t tenants) probe(ctx context.Context, name string) error {
	rdb := redis.NewClient(t[name])
	defer rdb.Close()
	if err := redisotel.InstrumentMetrics(rdb); err != nil { // metricsleak
		return err
	}
	return rdb.Ping(ctx).Err()
}
