// Package brief instruments what the same function opens and closes.
package brief

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/extra/redisotel/v9"
	"github.com/redis/go-redis/extra/redisprometheus/v9"
	"github.com/redis/go-redis/v9"
	"metricsleak/helpers"
)

var ctx = context.Background()

type tenants struct{ opts map[string]*redis.Options }

// Each probe leaves one behind.
func (t *tenants) probe(name string) error {
	rdb := redis.NewClient(t.opts[name])
	defer rdb.Close()
	if err := redisotel.InstrumentMetrics(rdb); err != nil { // want `redisotel.InstrumentMetrics keeps rdb in memory after it is closed; instrument a long-lived client instead`
		return err
	}
	return rdb.Ping(ctx).Err()
}

// Closed by plain calls.
func syncAll(opts *redis.Options, keys []string) error {
	rdb := redis.NewClient(opts)
	if err := redisotel.InstrumentMetrics(rdb); err != nil { // want `redisotel.InstrumentMetrics keeps rdb in memory after it is closed`
		rdb.Close()
		return err
	}
	for _, k := range keys {
		rdb.Del(ctx, k)
	}
	return rdb.Close()
}

// By a helper of another package.
func count(opts *redis.Options) (string, error) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	if err := helpers.Measure(rdb); err != nil { // want `helpers.Measure keeps rdb in memory after it is closed`
		return "", fmt.Errorf("measure: %w", err)
	}
	return rdb.Get(ctx, "n").Result()
}

func open(opts *redis.Options) *redis.Client { return redis.NewClient(opts) }

// Opened by a helper.
func helped(opts *redis.Options) {
	rdb := open(opts)
	defer rdb.Close()
	redisotel.InstrumentMetrics(rdb) // want `redisotel.InstrumentMetrics keeps rdb in memory after it is closed`
	rdb.Ping(ctx)
}

// A collector.
func collected(opts *redis.Options) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	if err := prometheus.Register(redisprometheus.NewCollector("shop", "redis", rdb)); err != nil { // want `prometheus.Register keeps the client in memory after it is closed`
		return err
	}
	return migrate(rdb)
}

func migrate(rdb *redis.Client) error {
	if rdb == nil {
		return errors.New("no client")
	}
	return rdb.Set(ctx, "version", 2, 0).Err()
}

// A cluster, closed in a literal.
func cluster() (err error) {
	c := redis.NewClusterClient(&redis.ClusterOptions{})
	defer func() { err = errors.Join(err, c.Close()) }()
	if err := redisotel.InstrumentMetrics(c); err != nil { // want `redisotel.InstrumentMetrics keeps c in memory after it is closed`
		log.Print(err)
	}
	return c.Ping(ctx).Err()
}

// By an interface, with a context that is canceled at the end.
func registerer(reg prometheus.Registerer, opts *redis.Options) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	rdb := redis.NewClient(opts)
	defer func() {
		if err := rdb.Close(); err != nil {
			log.Print(err)
		}
	}()
	c := redisprometheus.NewCollector("shop", "redis", rdb)
	if err := reg.Register(c); err != nil { // want `reg.Register keeps the client in memory after it is closed`
		return 0, err
	}
	return rdb.Incr(ctx, "n").Result()
}

// What is made here only leads to the registry of somebody else.
func labelled(reg prometheus.Registerer, opts *redis.Options) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	tenant := prometheus.WrapRegistererWith(map[string]string{"tenant": "a"}, reg)
	tenant.MustRegister(redisprometheus.NewCollector("shop", "redis", rdb)) // want `tenant.MustRegister keeps the client in memory after it is closed`
	return rdb.Ping(ctx).Err()
}

// For ever, in the default registry.
func mustCollect(opts *redis.Options) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	prometheus.MustRegister(redisprometheus.NewCollector("shop", "redis", rdb)) // want `prometheus.MustRegister keeps the client in memory after it is closed`
	return rdb.Ping(ctx).Err()
}
