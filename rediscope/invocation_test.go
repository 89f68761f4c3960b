package rediscope_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
)

// received is how many connections a server has had, without the one that asks.
func received(s *redistest.Server) int { return s.Stat("total_connections_received") - 1 }

func incr(ctx context.Context, rdb *redis.Client) error { return rdb.Incr(ctx, "n").Err() }

// The scopes of an invocation use one connection, which is opened with the first
// command and gone at the end.
func TestInvocation(t *testing.T) {
	s := redistest.Start(t)
	t.Setenv("REDIS_URL", s.URL())
	p := redistest.NewProxy(t, s.Addr)
	before := runtime.NumGoroutine()
	setups := 0
	setup := rediscope.Setup(func(redis.UniversalClient) error { setups++; return nil })
	var log lines
	var begun []rediscope.Info
	trace := rediscope.Trace(func(ctx context.Context, i rediscope.Info) (context.Context, func(error)) {
		begun = append(begun, i)
		return ctx, func(error) {}
	})
	url := rediscope.URL(p.URL())
	own := errors.New("own")
	err := rediscope.Invocation(t.Context(), func(ctx context.Context) error {
		if p.Conns.Load() != 0 {
			t.Error("it connects before there is a command")
		}
		for _, opts := range [][]rediscope.Option{{url}, {url, rediscope.Name("shop/cart")}, {url, setup}, {rediscope.URL(p.URL())}} {
			if err := rediscope.WithRedis(ctx, incr, opts...); err != nil {
				t.Error(err)
			}
		}
		if n, err := rediscope.Value(ctx, func(ctx context.Context, rdb *redis.Client) (int64, error) { return rdb.Incr(ctx, "n").Result() }, url); n != 5 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		if err := rediscope.WithRedisRetry(ctx, incr, url); err != nil {
			t.Error(err)
		}
		if _, err := rediscope.WithRedisFallback(ctx, func(ctx context.Context, rdb *redis.Client) (int, error) { return 0, incr(ctx, rdb) },
			func(_ context.Context, cause error) (int, error) { return 0, cause }, url); err != nil {
			t.Error(err)
		}
		if err := rediscope.WithUniversal(ctx, func(ctx context.Context, rdb redis.UniversalClient) error {
			// One inside of another.
			return errors.Join(rdb.Incr(ctx, "n").Err(), rediscope.WithRedis(ctx, incr, url), rdb.Incr(ctx, "n").Err())
		}, url); err != nil {
			t.Error(err)
		}
		if conns, trips := p.Conns.Load(), p.Trips.Load(); conns != 1 || trips != 11 || setups != 1 { // ten commands, one greeting
			t.Errorf("%d connections, %d round trips, %d setups", conns, trips, setups)
		}
		if list := s.Do("CLIENT", "LIST"); strings.Count(list, "name=shop/cart ") != 1 {
			t.Errorf("connections:\n%s", list)
		}
		return own
	}, url, rediscope.Name("shop/cart"), setup, trace, log.option())
	if err != own {
		t.Error(err)
	}
	s.WaitClients(0)
	leftGoroutines(t, before)
	if got := log.messages(); got != "DEBUG redis: connected\nDEBUG redis: disconnected" || !strings.Contains(log.String(), "connections=1") {
		t.Errorf("log:\n%s", log.String())
	}
	if len(begun) != 9 || !begun[0].Invocation || begun[0].Shared {
		t.Errorf("%d traces: %+v", len(begun), begun)
	}
	// Nothing is opened if nothing is asked.
	conns := received(s)
	if err := rediscope.Invocation(t.Context(), func(context.Context) error { return nil }); err != nil || received(s) != conns+1 {
		t.Errorf("%v, %d connections", err, received(s)-conns-1)
	}
}

// Scopes with other options, and those that outlive the invocation, have their own.
func TestInvocationApart(t *testing.T) {
	s, other := redistest.Start(t), redistest.Start(t)
	before := runtime.NumGoroutine()
	url := rediscope.URL(s.URL())
	for name, opt := range map[string]rediscope.Option{
		"another name":  rediscope.Name("other"),
		"another setup": rediscope.Setup(func(redis.UniversalClient) error { return nil }),
		"another place": rediscope.URL(other.URL()),
		"its options":   rediscope.Options(&redis.Options{Addr: s.Addr}),
		"its events":    rediscope.Connections(rediscope.Events{}),
	} {
		if err := rediscope.Invocation(t.Context(), func(ctx context.Context) error {
			return rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
				rdb.Ping(ctx)
				return rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
					rdb.Ping(ctx)
					if n := s.Clients() + other.Clients(); n != 2 {
						t.Errorf("%s: %d connections", name, n)
					}
					return nil
				}, url, opt, quiet())
			}, url)
		}, url, rediscope.Name("n"), quiet()); err != nil {
			t.Error(err)
		}
	}
	// A goroutine that is left has one of its own, which is closed, too.
	var wg sync.WaitGroup
	done := make(chan struct{})
	_ = rediscope.Invocation(t.Context(), func(ctx context.Context) error {
		wg.Add(1)
		go func() {
			defer wg.Done()
			<-done
			if err := rediscope.WithRedis(ctx, incr, url); err != nil {
				t.Error(err)
			}
		}()
		return rediscope.WithRedis(ctx, incr, url)
	}, url, quiet())
	s.WaitClients(0)
	close(done)
	wg.Wait()
	// In the midst of a scope it loses its client.
	begun, end := make(chan struct{}), make(chan struct{})
	_ = rediscope.Invocation(t.Context(), func(ctx context.Context) error {
		wg.Add(1)
		go func() {
			defer wg.Done()
			err := rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
				rdb.Ping(ctx)
				close(begun)
				<-end
				return rdb.Ping(ctx).Err()
			}, url)
			if !errors.Is(err, redis.ErrClosed) {
				t.Errorf("after the end: %v", err)
			}
		}()
		<-begun
		return nil
	}, url, quiet())
	s.WaitClients(0)
	close(end)
	wg.Wait()
	other.WaitClients(0)
	leftGoroutines(t, before)
}

// What ends an invocation early closes its connections: a panic, the end of the
// goroutine, and that of the context, which cuts what is under way.
func TestInvocationEnds(t *testing.T) {
	s := redistest.Start(t)
	before := runtime.NumGoroutine()
	url := rediscope.URL(s.URL())
	func() {
		defer func() {
			if v := recover(); v != "own" {
				t.Errorf("recovered %v", v)
			}
		}()
		_ = rediscope.Invocation(t.Context(), func(ctx context.Context) error {
			return rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error { rdb.Ping(ctx); panic("own") }, url, quiet())
		}, url, quiet())
	}()
	s.WaitClients(0)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = rediscope.Invocation(t.Context(), func(ctx context.Context) error {
			_ = rediscope.WithRedis(ctx, incr, url, quiet())
			runtime.Goexit()
			return nil
		}, url, quiet())
	}()
	<-done
	s.WaitClients(0)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	punctual(t, "an invocation that is aborted", 50*time.Millisecond, func() {
		if err := rediscope.Invocation(ctx, func(ctx context.Context) error {
			return rediscope.WithRedis(ctx, func(_ context.Context, rdb *redis.Client) error {
				return rdb.BLPop(context.Background(), 0, "none").Err()
			}, url, quiet())
		}, url, quiet()); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	s.WaitClients(0)
	if err := rediscope.Invocation(t.Context(), func(ctx context.Context) error {
		return rediscope.WithRedis(ctx, incr, badlyClosed(s.Addr), quiet())
	}, url, quiet()); !errors.Is(err, errBadClose) {
		t.Errorf("a scope with options of its own: %v", err)
	}
	bad := badlyClosed(s.Addr)
	if err := rediscope.Invocation(t.Context(), func(ctx context.Context) error {
		return rediscope.WithRedis(ctx, incr, bad)
	}, bad, quiet()); !errors.Is(err, errBadClose) {
		t.Errorf("closing fails: %v", err)
	}
	if err := rediscope.Invocation(t.Context(), func(context.Context) error { t.Error("called"); return nil }, nil); err == nil {
		t.Error("a bad option")
	}
	leftGoroutines(t, before)
}

// Each scope of an invocation keeps its own promise: when its context ends, its
// commands end and no others do, and what was cut or left in use is not used again.
func TestInvocationPromise(t *testing.T) {
	s := redistest.Start(t)
	before := runtime.NumGoroutine()
	url := rediscope.URL(s.URL())
	if err := rediscope.Invocation(t.Context(), func(ctx context.Context) error {
		var wg sync.WaitGroup
		wg.Add(1)
		waits := make(chan struct{})
		go func() { // another scope at the same time
			defer wg.Done()
			err := rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
				rdb.Ping(ctx)
				close(waits)
				return rdb.BLPop(ctx, time.Minute, "job").Err()
			}, url)
			if err != nil {
				t.Errorf("the scope beside: %v", err)
			}
		}()
		<-waits
		punctual(t, "a nested scope", 100*time.Millisecond, func() {
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			time.AfterFunc(100*time.Millisecond, cancel)
			err := rediscope.WithRedis(ctx, func(_ context.Context, rdb *redis.Client) error {
				return rdb.BLPop(context.Background(), 0, "none").Err()
			}, url)
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		s.Do("LPUSH", "job", 1)
		wg.Wait()
		if err := rediscope.WithRedis(ctx, incr, url); err != nil {
			t.Error(err)
		}
		// A connection that is left in use stays nobody's.
		conns := received(s)
		if err := rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
			//lint:ignore unclosed this test asks what becomes of it
			c := rdb.Conn()
			return c.Do(ctx, "CLIENT", "REPLY", "ON").Err()
		}, url); err != nil {
			t.Error(err)
		}
		if err := rediscope.WithRedis(ctx, incr, url); err != nil || received(s) != conns+2 {
			t.Errorf("%v, %d further connections", err, received(s)-conns-1)
		}
		return nil
	}, url, quiet()); err != nil {
		t.Error(err)
	}
	s.WaitClients(0)
	leftGoroutines(t, before)
}

// A repetition inside an invocation, and inside a scope of it, repeats nothing
// that may have run.
func TestInvocationNeverRepeats(t *testing.T) {
	s := redistest.Start(t)
	p := redistest.NewProxy(t, s.Addr)
	url := rediscope.URL(p.URL())
	_ = rediscope.Invocation(t.Context(), func(ctx context.Context) error {
		calls := 0
		retry := func(ctx context.Context) error {
			return rediscope.WithRedisRetry(ctx, func(_ context.Context, rdb *redis.Client) error {
				calls++
				if err := rdb.Incr(context.Background(), "n").Err(); err != nil { // the context is forgotten
					return err
				}
				p.CutAfter(10)
				return rdb.Incr(context.Background(), "n").Err()
			}, url, rediscope.Attempts(3, time.Millisecond))
		}
		if err := retry(ctx); err == nil || calls != 1 {
			t.Errorf("%d calls, %v", calls, err)
		}
		calls = 0
		_ = rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
			if err := retry(ctx); err == nil || calls != 1 {
				t.Errorf("inside a scope: %d calls, %v", calls, err)
			}
			return nil
		}, url)
		return nil
	}, url, quiet())
	s.WaitClients(0)
}
