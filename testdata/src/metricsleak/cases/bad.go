// Package cases registers clients for ever, short-lived and other ones.
package cases

import (
	"net/http"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/extra/redisotel/v9"
	"github.com/redis/go-redis/extra/redisprometheus/v9"
	"github.com/redis/go-redis/v9"
	"metricsleak/helpers"
)

var opts = &redis.Options{}

// A scope.
func withRedis(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	if err := redisotel.InstrumentMetrics(rdb); err != nil { // want `redisotel.InstrumentMetrics keeps rdb in memory after it is closed; instrument a long-lived client instead`
		return err
	}
	return fn(rdb)
}

// A callback.
func callback() error {
	return helpers.WithRedis(func(rdb *redis.Client) error {
		return redisotel.InstrumentMetrics(rdb) // want `redisotel.InstrumentMetrics keeps rdb in memory after it is closed`
	})
}

// A named callback.
func instrument(rdb *redis.Client) error {
	return redisotel.InstrumentMetrics(rdb) // want `redisotel.InstrumentMetrics keeps rdb in memory after it is closed`
}

func named() error { return helpers.WithRedis(instrument) }

// Helpers of this package and of another.
func measure(rdb *redis.Client) { redisotel.InstrumentMetrics(rdb) }

func helped() error {
	return helpers.WithRedis(func(rdb *redis.Client) error {
		measure(rdb)                // want `measure keeps rdb in memory after it is closed`
		return helpers.Measure(rdb) // want `helpers.Measure keeps rdb in memory after it is closed`
	})
}

// A cluster.
func withCluster(fn func(*redis.ClusterClient) error) error {
	rdb := redis.NewClusterClient(&redis.ClusterOptions{})
	defer rdb.Close()
	redisotel.InstrumentMetrics(rdb) // want `redisotel.InstrumentMetrics keeps rdb in memory after it is closed`
	return fn(rdb)
}

// A handler.
func handler(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	redisotel.InstrumentMetrics(rdb) // want `redisotel.InstrumentMetrics keeps rdb in memory after it is closed`
	rdb.Ping(r.Context())
}

// gin, and a helper.
func ginHandler(c *gin.Context) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	helpers.Measure(rdb) // want `helpers.Measure keeps rdb in memory after it is closed`
	rdb.Ping(c)
}

// A serverless entry point.
func invoke() error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	return redisotel.InstrumentMetrics(rdb) // want `redisotel.InstrumentMetrics keeps rdb in memory after it is closed`
}

func start() { lambda.Start(invoke) }

// A collector.
func collector() error {
	return helpers.WithRedis(func(rdb *redis.Client) error {
		return prometheus.Register(redisprometheus.NewCollector("shop", "redis", rdb)) // want `prometheus.Register keeps the client in memory after it is closed`
	})
}

// Several collectors.
func collectors(reg prometheus.Registerer) error {
	return helpers.WithRedis(func(rdb *redis.Client) error {
		reg.MustRegister(redisprometheus.NewCollector("shop", "redis", rdb)) // want `reg.MustRegister keeps the client in memory after it is closed`
		return nil
	})
}

// Options that are not looked at.
func withOptions(fn func(*redis.Client) error) (err error) {
	rdb := redis.NewClient(opts)
	defer func() { err = rdb.Close() }()
	var options []redisotel.MetricsOption
	if err := redisotel.InstrumentMetrics(rdb, options...); err != nil { // want `redisotel.InstrumentMetrics keeps rdb in memory after it is closed`
		return err
	}
	return fn(rdb)
}

// A ring in a handler.
func ring(w http.ResponseWriter, r *http.Request) {
	rdb := redis.NewRing(&redis.RingOptions{})
	defer rdb.Close()
	redisotel.InstrumentMetrics(rdb) // want `redisotel.InstrumentMetrics keeps rdb in memory after it is closed`
}
