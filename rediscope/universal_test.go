package rediscope_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
)

// cluster is a cluster of one server that has all slots.
func cluster(t *testing.T) *redistest.Server {
	s := redistest.Start(t, "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf")
	s.Do("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
	for range 200 {
		if strings.Contains(s.Do("CLUSTER", "INFO"), "cluster_state:ok") {
			return s
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("the cluster is not up:\n%s", s.Do("CLUSTER", "INFO"))
	return nil
}

// sentinel watches over a server.
func sentinel(t *testing.T, s *redistest.Server) *redistest.Server {
	host, port, _ := net.SplitHostPort(s.Addr)
	conf := filepath.Join(t.TempDir(), "sentinel.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, "sentinel monitor main %s %s 1\n", host, port), 0o600); err != nil {
		t.Fatal(err)
	}
	return redistest.StartSentinel(t, conf)
}

func TestUniversal(t *testing.T) {
	a, b := redistest.Start(t), redistest.Start(t)
	c := cluster(t)
	watcher := sentinel(t, a)
	for _, k := range []struct {
		name string
		opts rediscope.Option
		on   []*redistest.Server
	}{
		{"single", rediscope.URL(a.URL()), []*redistest.Server{a}},
		{"universal", rediscope.Universal(&redis.UniversalOptions{Addrs: []string{a.Addr}}), []*redistest.Server{a}},
		{"cluster", rediscope.Universal(&redis.UniversalOptions{Addrs: []string{c.Addr}, IsClusterMode: true}), []*redistest.Server{c}},
		{"sentinel", rediscope.Universal(&redis.UniversalOptions{Addrs: []string{watcher.Addr}, MasterName: "main"}), []*redistest.Server{a}},
		{"ring", rediscope.Ring(&redis.RingOptions{Addrs: map[string]string{"a": a.Addr, "b": b.Addr}}), []*redistest.Server{a, b}},
	} {
		t.Run(k.name, func(t *testing.T) {
			clients := func(s *redistest.Server) int { return strings.Count(s.Do("CLIENT", "LIST"), "name=uni/versal ") }
			before := runtime.NumGoroutine()
			opts := []rediscope.Option{k.opts, rediscope.Name("uni/versal"), quiet()}
			err := rediscope.WithUniversal(t.Context(), func(ctx context.Context, rdb redis.UniversalClient) error {
				for i := range 20 {
					if err := rdb.Set(ctx, fmt.Sprint("k", i), i, 0).Err(); err != nil {
						return err
					}
				}
				for _, s := range k.on {
					if n := clients(s); n < 1 {
						t.Errorf("%d connections inside", n)
					}
				}
				return rdb.Get(ctx, "none").Err()
			}, opts...)
			if err != redis.Nil {
				t.Errorf("%T: %v", err, err)
			}
			v, err := rediscope.WithUniversalFallback(t.Context(), func(ctx context.Context, rdb redis.UniversalClient) (int, error) {
				return rdb.Get(ctx, "k7").Int()
			}, func(_ context.Context, cause error) (int, error) { return 0, cause }, opts...)
			if v != 7 || err != nil {
				t.Errorf("%d, %v", v, err)
			}
			if err := rediscope.WithUniversalRetry(t.Context(), func(ctx context.Context, rdb redis.UniversalClient) error {
				twice := func(p redis.Pipeliner) error { p.Incr(ctx, "k1"); p.Get(ctx, "k1"); return nil }
				if _, err := rdb.Pipelined(ctx, twice); err != nil {
					return err
				}
				if _, err := rdb.TxPipelined(ctx, twice); err != nil {
					return err
				}
				return rdb.Watch(ctx, func(tx *redis.Tx) error {
					_, err := tx.TxPipelined(ctx, twice)
					return err
				}, "k1")
			}, opts...); err != nil {
				t.Error(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			start := time.Now()
			err = rediscope.WithUniversal(ctx, func(ctx context.Context, rdb redis.UniversalClient) error {
				return rdb.BLPop(ctx, time.Hour, "none").Err()
			}, opts...)
			within(t, "a deadline", start, 290*time.Millisecond, slack)
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			if k.name != "cluster" && k.name != "ring" {
				if err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
					return rdb.Get(ctx, "k1").Err()
				}, opts...); err != nil {
					t.Errorf("WithRedis: %v", err)
				}
			}
			for _, s := range k.on {
				for range 100 {
					if clients(s) == 0 {
						break
					}
					time.Sleep(20 * time.Millisecond)
				}
				if n := clients(s); n != 0 {
					t.Errorf("%d connections are left: %s", n, s.Do("CLIENT", "LIST"))
				}
			}
			leftGoroutines(t, before)
		})
	}
}

// go-redis repeats a command on a cluster when its connection is cut; a scope
// does not let it.
func TestClusterNeverRepeats(t *testing.T) {
	s := cluster(t)
	var proxy *redistest.Proxy
	opts := []rediscope.Option{quiet(), rediscope.Attempts(3, time.Millisecond), rediscope.Universal(&redis.UniversalOptions{
		Addrs: []string{s.Addr}, IsClusterMode: true,
		// The cluster tells its own address, so the way there leads through the proxy.
		Dialer: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, proxy.Addr)
		}})}
	for _, way := range []string{"command", "pipeline"} {
		lost := 0
		for i := range heavy(60, 2000) {
			proxy = redistest.NewProxy(t, s.Addr)
			n := fmt.Sprint("n:", way, ":", i)
			err := rediscope.WithUniversalRetry(t.Context(), func(ctx context.Context, rdb redis.UniversalClient) error {
				if err := rdb.Ping(ctx).Err(); err != nil { // the connections are there
					return err
				}
				proxy.CutAfter(20 + i%30) // a command has some 30 bytes
				if way == "pipeline" {
					_, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error { p.Incr(ctx, n); return nil })
					return err
				}
				return rdb.Incr(ctx, n).Err()
			}, opts...)
			if err != nil {
				lost++
				if !rediscope.Transient(err) {
					t.Errorf("%T: %v", err, err)
				}
			}
			if got := s.Do("GET", n); got != "1" && (err == nil || got != "<nil>") {
				t.Fatalf("%s %d was carried out %s times: %v", way, i, got, err)
			}
		}
		if lost < 10 {
			t.Errorf("%s: only %d were cut", way, lost)
		}
	}
}

// Commands that go around the cluster's client are counted and told as well.
func TestForEach(t *testing.T) {
	s := cluster(t)
	a := redistest.Start(t)
	p := redistest.NewProxy(t, s.Addr)
	through := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, p.Addr)
	}
	opts := []rediscope.Option{quiet(), rediscope.Attempts(3, time.Millisecond),
		rediscope.Universal(&redis.UniversalOptions{Addrs: []string{s.Addr}, IsClusterMode: true, Dialer: through})}
	calls := 0
	err := rediscope.WithUniversalRetry(t.Context(), func(ctx context.Context, rdb redis.UniversalClient) error {
		calls++
		return rdb.(*redis.ClusterClient).ForEachMaster(ctx, func(ctx context.Context, one *redis.Client) error {
			if err := one.Incr(ctx, "n").Err(); err != nil {
				return err
			}
			p.CutAfter(10)
			return one.Incr(ctx, "n").Err()
		})
	}, opts...)
	if calls != 1 || !rediscope.Transient(err) || strings.Contains(fmt.Sprintf("%T", err), "opaque") {
		t.Errorf("%d calls, %T %v", calls, err, err)
	}
	// A cluster that cannot be asked for its layout is asked again.
	calls = 0
	err = rediscope.WithUniversalRetry(t.Context(), func(ctx context.Context, rdb redis.UniversalClient) error {
		if calls++; calls == 1 {
			p.CutAfter(10)
		}
		return rdb.Incr(ctx, "m").Err()
	}, opts...)
	if calls != 2 || err != nil || s.Do("GET", "m") != "1" {
		t.Errorf("%d calls, %v", calls, err)
	}
	err = rediscope.WithUniversal(t.Context(), func(ctx context.Context, rdb redis.UniversalClient) error {
		return rdb.(*redis.Ring).ForEachShard(ctx, func(ctx context.Context, one *redis.Client) error {
			return one.Get(ctx, "none").Err()
		})
	}, rediscope.Ring(&redis.RingOptions{Addrs: map[string]string{"a": a.Addr}}))
	if err != redis.Nil {
		t.Error(err)
	}
}
