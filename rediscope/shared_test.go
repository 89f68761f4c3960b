package rediscope_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
)

// The same calls, with one client for all of them.
func TestShared(t *testing.T) {
	s := redistest.Start(t)
	before := runtime.NumGoroutine()
	var log lines
	var begun []rediscope.Info
	setups := 0
	shared, err := rediscope.Open(rediscope.URL(s.URL()), rediscope.Name("service"), log.option(),
		rediscope.Setup(func(redis.UniversalClient) error { setups++; return nil }),
		rediscope.Trace(func(ctx context.Context, i rediscope.Info) (context.Context, func(error)) {
			begun = append(begun, i)
			return ctx, func(error) {}
		}))
	if err != nil {
		t.Fatal(err)
	}
	clients := map[string]bool{}
	var o redis.Options
	for range 3 {
		if err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
			clients[fmt.Sprintf("%p", rdb)] = true
			o = *rdb.Options()
			return rdb.Incr(ctx, "n").Err()
		}, shared); err != nil {
			t.Error(err)
		}
	}
	if err := rediscope.WithRedisRetry(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Incr(ctx, "n").Err()
	}, shared); err != nil {
		t.Error(err)
	}
	v, err := rediscope.WithRedisFallback(t.Context(), func(ctx context.Context, rdb *redis.Client) (int64, error) {
		return rdb.Incr(ctx, "n").Result()
	}, func(_ context.Context, cause error) (int64, error) { return 0, cause }, shared)
	if v != 5 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
	if err := rediscope.WithUniversal(t.Context(), func(ctx context.Context, rdb redis.UniversalClient) error {
		return rdb.Get(ctx, "none").Err()
	}, shared); err != redis.Nil {
		t.Error(err)
	}
	if len(clients) != 1 || setups != 1 {
		t.Errorf("clients %v, set up %d times", clients, setups)
	}
	if o.PoolSize != 10*runtime.GOMAXPROCS(0) || !o.ContextTimeoutEnabled || o.MaxRetries != 0 {
		t.Errorf("options: %+v", o)
	}
	if n := s.Clients(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
	if len(begun) != 6 || begun[5] != (rediscope.Info{Addr: s.Addr, Name: "service", Attempt: 1, Shared: true}) {
		t.Errorf("begun: %+v", begun)
	}

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	err = rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		return rdb.BLPop(ctx, time.Hour, "none").Err()
	}, shared)
	within(t, "a deadline", start, 40*time.Millisecond, slack)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}

	if err := shared.Close(); err != nil {
		t.Error(err)
	}
	s.WaitClients(0)
	leftGoroutines(t, before)
	if err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Get(ctx, "n").Err()
	}, shared); !errors.Is(err, redis.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if got := log.messages(); !strings.HasPrefix(got, "DEBUG redis: connected\n") || !strings.HasSuffix(got, "DEBUG redis: disconnected") {
		t.Errorf("log:\n%s", log.String())
	}
}

// A shared client's retry waits for a server that is away.
func TestSharedRetry(t *testing.T) {
	s := redistest.Start(t)
	shared, err := rediscope.Open(rediscope.URL(s.URL()), quiet())
	if err != nil {
		t.Fatal(err)
	}
	defer shared.Close()
	get := func(ctx context.Context, rdb *redis.Client) error { return rdb.Incr(ctx, "n").Err() }
	s.Kill()
	if err := rediscope.WithRedis(t.Context(), get, shared); !rediscope.Transient(err) {
		t.Errorf("away: %v", err)
	}
	up := make(chan struct{})
	time.AfterFunc(100*time.Millisecond, func() { s.Restart(); close(up) })
	if err := rediscope.WithRedisRetry(t.Context(), get, shared, rediscope.Attempts(100, 50*time.Millisecond)); err != nil {
		t.Error(err)
	}
	<-up
}

func TestOpenFails(t *testing.T) {
	own := errors.New("own")
	for name, opts := range map[string][]rediscope.Option{
		"setup": {rediscope.URL("redis://127.0.0.1:1"), rediscope.Setup(func(redis.UniversalClient) error { return own })},
		"url":   {rediscope.URL("no")},
	} {
		if s, err := rediscope.Open(opts...); s != nil || err == nil || name == "setup" && !errors.Is(err, own) {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
	shared, err := rediscope.Open(rediscope.URL("redis://127.0.0.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	defer shared.Close()
	if _, err := rediscope.Open(shared); err == nil {
		t.Error("a shared client was opened with another")
	}
	cluster, err := rediscope.Open(rediscope.Universal(&redis.UniversalOptions{Addrs: []string{"127.0.0.1:1"}, IsClusterMode: true}))
	if err != nil {
		t.Fatal(err)
	}
	defer cluster.Close()
	if err := rediscope.WithRedis(t.Context(), func(context.Context, *redis.Client) error { return nil }, cluster); err == nil {
		t.Error("a cluster's client was lent as one of a single server")
	}
}

func TestSharedCloseFails(t *testing.T) {
	s := redistest.Start(t)
	var log lines
	shared, err := rediscope.Open(badlyClosed(s.Addr), log.option())
	if err != nil {
		t.Fatal(err)
	}
	if err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error { return rdb.Ping(ctx).Err() }, shared); err != nil {
		t.Error(err)
	}
	if err := shared.Close(); !errors.Is(err, errBadClose) || !strings.Contains(log.messages(), "WARN redis: failed to disconnect") {
		t.Errorf("%v\n%s", err, log.String())
	}
}
