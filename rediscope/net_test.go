package rediscope_test

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
)

// The tests of time are generous, since they run on busy machines. The command
// in CONTRIBUTING measures.
const slack = 4 * time.Second

// mute is a server that accepts and never answers.
func mute(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(io.Discard, c)
			}()
		}
	}()
	return "redis://" + l.Addr().String()
}

// A context's deadline is heeded whether or not the server answers, and told.
func TestDeadline(t *testing.T) {
	addr := mute(t)
	before := runtime.NumGoroutine()
	for name, command := range map[string]func(context.Context, *redis.Client) error{
		"command":  func(ctx context.Context, rdb *redis.Client) error { return rdb.Get(ctx, "k").Err() },
		"blocking": func(ctx context.Context, rdb *redis.Client) error { return rdb.BLPop(ctx, time.Hour, "k").Err() },
		"pipeline": func(ctx context.Context, rdb *redis.Client) error {
			_, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error { p.Get(ctx, "k"); p.Get(ctx, "l"); return nil })
			return err
		},
		"subscription": func(ctx context.Context, rdb *redis.Client) error {
			p := rdb.Subscribe(ctx, "c")
			defer p.Close()
			_, err := p.ReceiveMessage(ctx)
			return err
		},
		// The callback has forgotten its context. Its connection is cut.
		"without context": func(_ context.Context, rdb *redis.Client) error { return rdb.Get(context.Background(), "k").Err() },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		start := time.Now()
		err := rediscope.WithRedis(ctx, command, rediscope.URL(addr), quiet())
		within(t, name, start, 90*time.Millisecond, slack)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
	leftGoroutines(t, before)
}

// So is its cancellation, whose cause is told.
func TestCancel(t *testing.T) {
	s := redistest.Start(t)
	silent := mute(t)
	before := runtime.NumGoroutine()
	cause := errors.New("the browser has gone")
	for name, addr := range map[string]string{"answering": s.URL(), "silent": silent} {
		ctx, cancel := context.WithCancelCause(t.Context())
		start := time.Now()
		time.AfterFunc(100*time.Millisecond, func() { cancel(cause) })
		err := rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
			return rdb.BLPop(ctx, time.Hour, "none").Err()
		}, rediscope.URL(addr), quiet())
		within(t, name, start, 90*time.Millisecond, slack)
		if !errors.Is(err, cause) || !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "the browser has gone: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	s.WaitClients(0)
	leftGoroutines(t, before)

	// Work that has to be done after the end has a context of its own.
	ctx, cancel := context.WithCancel(t.Context())
	own := errors.New("own")
	err := rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		if err := rdb.Set(ctx, "lock", 1, 0).Err(); err != nil {
			return err
		}
		cancel()
		time.Sleep(20 * time.Millisecond)
		if err := rdb.Del(ctx, "lock").Err(); !errors.Is(err, context.Canceled) {
			t.Errorf("a command after the end: %v", err)
		}
		if err := rdb.Del(context.WithoutCancel(ctx), "lock").Err(); err != nil {
			t.Errorf("a command with a context of its own: %v", err)
		}
		return own
	}, rediscope.URL(s.URL()), quiet())
	if err != own || s.Do("EXISTS", "lock") != "0" {
		t.Error(err)
	}

	// Nothing is opened for a context that has ended, but the callback is called.
	conns := s.Stat("total_connections_received")
	err = rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		if err := rdb.Get(ctx, "k").Err(); !errors.Is(err, context.Canceled) {
			t.Errorf("a command: %v", err)
		}
		return own
	}, rediscope.URL(s.URL()), quiet())
	if err != own {
		t.Errorf("the callback's own error is hidden by %v", err)
	}
	if n := s.Stat("total_connections_received"); n != conns+1 { // the one that asks
		t.Errorf("%d connections for a context that has ended", n-conns-1)
	}
	s.WaitClients(0)
	leftGoroutines(t, before)
}

// Dialling is tried once, and ends with the context and with the scope.
func TestDialling(t *testing.T) {
	before := runtime.NumGoroutine()
	dials := make(chan struct{}, 10)
	hole := rediscope.Options(&redis.Options{Addr: "192.0.2.1:6379", DialTimeout: 200 * time.Millisecond,
		Dialer: func(ctx context.Context, _, _ string) (net.Conn, error) {
			dials <- struct{}{}
			<-ctx.Done()
			return nil, ctx.Err()
		}})
	get := func(ctx context.Context, rdb *redis.Client) error { return rdb.Get(ctx, "k").Err() }
	start := time.Now()
	err := rediscope.WithRedis(t.Context(), get, hole, quiet())
	within(t, "a dial", start, 190*time.Millisecond, slack)
	if err == nil || len(dials) != 1 {
		t.Errorf("%d dials, %v", len(dials), err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start = time.Now()
	err = rediscope.WithRedis(ctx, get, hole, quiet())
	within(t, "a dial with a deadline", start, 40*time.Millisecond, slack)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	leftGoroutines(t, before)

	var log lines
	err = rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
		first := rdb.Get(ctx, "k").Err()
		for range 4 {
			_ = rdb.Get(ctx, "k").Err() // go-redis begins to probe by itself
		}
		return first
	}, rediscope.URL("redis://127.0.0.1:1"), log.option())
	if err == nil || err.Error() != "dial tcp 127.0.0.1:1: connect: connection refused" {
		t.Error(err)
	}
	if got := log.messages(); !strings.HasPrefix(got, "WARN redis: failed to connect") || strings.Contains(got, "disconnect") {
		t.Error(got)
	}
	leftGoroutines(t, before)
}

// A connection costs no more round trips than one written by hand: the greeting,
// which tells password and name, and the command.
func TestRoundTrips(t *testing.T) {
	s := redistest.Start(t)
	s.Do("CONFIG", "SET", "requirepass", "secret")
	open := redistest.Start(t)
	for _, c := range []struct {
		name, url string
		opts      []rediscope.Option
		want      int64
	}{
		{"plain", "redis://%s", nil, 2},
		{"old protocol", "redis://%s?protocol=2", nil, 1},
		{"old protocol, name", "redis://%s?protocol=2", []rediscope.Option{rediscope.Name("n")}, 2},
		{"name", "redis://%s", []rediscope.Option{rediscope.Name("n")}, 2},
		{"password", "redis://:secret@%s", nil, 2},
		{"password, name", "redis://:secret@%s", []rediscope.Option{rediscope.Name("n")}, 2},
		{"password, old protocol", "redis://:secret@%s?protocol=2", nil, 2},
		{"database", "redis://%s/1", nil, 3},
	} {
		target := open.Addr
		if strings.Contains(c.url, "secret") {
			target = s.Addr
		}
		p := redistest.NewProxy(t, target)
		err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
			return rdb.Set(ctx, "k", "v", 0).Err()
		}, append(c.opts, rediscope.URL(strings.Replace(c.url, "%s", p.Addr, 1)))...)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if trips, conns := p.Trips.Load(), p.Conns.Load(); trips != c.want || conns != 1 {
			t.Errorf("%s: %d round trips on %d connections, want %d on 1", c.name, trips, conns, c.want)
		}
	}
}

// TLS is spoken, and ends with the context too.
func TestTLS(t *testing.T) {
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error { return rdb.Ping(ctx).Err() },
		rediscope.URL(strings.Replace(mute(t), "redis:", "rediss:", 1)), quiet())
	within(t, "a handshake", start, 90*time.Millisecond, slack)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	leftGoroutines(t, before+1) // the silent server
}
