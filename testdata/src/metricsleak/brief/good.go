package brief

import (
	"net/http"
	"os"
	"os/signal"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/extra/redisotel/v9"
	"github.com/redis/go-redis/extra/redisprometheus/v9"
	"github.com/redis/go-redis/v9"
)

// It serves.
func serve(opts *redis.Options) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	redisotel.InstrumentMetrics(rdb)
	return http.ListenAndServe(":80", nil)
}

// It waits for a signal.
func untilSignal(opts *redis.Options) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	redisotel.InstrumentMetrics(rdb)
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	<-c
}

// It works until the context ends.
func worker(opts *redis.Options) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	redisotel.InstrumentMetrics(rdb)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		default:
			rdb.Incr(ctx, "turns")
		}
	}
}

// It waits for jobs.
func jobs(opts *redis.Options) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	redisotel.InstrumentMetrics(rdb)
	for {
		if err := rdb.BLPop(ctx, 0, "jobs").Err(); err != nil {
			return err
		}
	}
}

// It runs an application that is not seen.
type app interface{ Run(*redis.Client) error }

func runApp(opts *redis.Options, a app) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	redisotel.InstrumentMetrics(rdb)
	return a.Run(rdb)
}

// It runs a func that is not seen.
func runFunc(opts *redis.Options, f func() error) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	redisotel.InstrumentMetrics(rdb)
	return f()
}

// It waits for goroutines, whatever they do.
func group(opts *redis.Options, work []func()) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	redisotel.InstrumentMetrics(rdb)
	var wg sync.WaitGroup
	for _, f := range work {
		wg.Add(1)
		go func() { defer wg.Done(); f() }()
	}
	wg.Wait()
}

// A helper of it serves.
func helperServes(opts *redis.Options) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	redisotel.InstrumentMetrics(rdb)
	return listen()
}

func listen() error { return http.ListenAndServe(":81", nil) }

// Traces go with the client.
func traced(opts *redis.Options) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	if err := redisotel.InstrumentTracing(rdb); err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

// It is returned where that succeeds.
func connect(opts *redis.Options) (*redis.Client, error) {
	rdb := redis.NewClient(opts)
	if err := redisotel.InstrumentMetrics(rdb); err != nil {
		rdb.Close()
		return nil, err
	}
	return rdb, nil
}

// The client is a parameter's.
func probe(rdb *redis.Client) error {
	redisotel.InstrumentMetrics(rdb)
	return rdb.Ping(ctx).Err()
}

// It ranges over a channel until that is closed.
func drain(opts *redis.Options, keys <-chan string) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	redisotel.InstrumentMetrics(rdb)
	for k := range keys {
		rdb.Del(ctx, k)
	}
}

// The registry goes with the function.
func dump(opts *redis.Options) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	reg := prometheus.NewRegistry()
	if err := reg.Register(redisprometheus.NewCollector("shop", "redis", rdb)); err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

// The collector is taken back.
func takenBack(reg prometheus.Registerer, opts *redis.Options) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	c := redisprometheus.NewCollector("shop", "redis", rdb)
	if err := reg.Register(c); err != nil {
		return err
	}
	defer reg.Unregister(c)
	return rdb.Ping(ctx).Err()
}

// The same of the package's own registry.
func takenBackFromDefault(opts *redis.Options) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	c := redisprometheus.NewCollector("shop", "redis", rdb)
	if err := prometheus.Register(c); err != nil {
		return err
	}
	defer prometheus.Unregister(c)
	return rdb.Ping(ctx).Err()
}
