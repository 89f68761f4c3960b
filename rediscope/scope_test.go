package rediscope_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
)

// The log of go-redis, which is not ours, would fill the screen. The examples
// have a server of their own.
func TestMain(m *testing.M) {
	redis.SetLogger(silent{})
	s, err := redistest.Launch()
	switch {
	case err == nil:
		os.Setenv("REDIS_URL", s.URL())
	case errors.Is(err, redistest.ErrMissing) && os.Getenv("CI") == "":
		fmt.Fprintln(os.Stderr, "no test is run:", err)
		os.Exit(0)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	m.Run()
	if err := s.End(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// A lines collects a log for a test.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *lines) option() rediscope.Option {
	return rediscope.Logger(slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug})))
}

// messages are the lines without what differs from run to run.
func (l *lines) messages() string {
	var s []string
	for line := range strings.Lines(l.String()) {
		_, line, _ = strings.Cut(line, "level=")
		level, line, _ := strings.Cut(line, ` msg="`)
		msg, _, _ := strings.Cut(line, `"`)
		s = append(s, level+" "+msg)
	}
	return strings.Join(s, "\n")
}

func quiet() rediscope.Option { return rediscope.Logger(slog.New(slog.DiscardHandler)) }

// leftGoroutines waits until no more goroutines run than before, or fails.
func leftGoroutines(t *testing.T, before int) {
	t.Helper()
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	buf := make([]byte, 1<<20)
	t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
}

func within(t *testing.T, what string, start time.Time, least, most time.Duration) {
	t.Helper()
	if d := time.Since(start); d < least || d > most {
		t.Errorf("%s took %v, want %v to %v", what, d, least, most)
	}
}

func TestWithRedis(t *testing.T) {
	s := redistest.Start(t)
	var log lines
	var kept *redis.Client
	var pipe redis.Pipeliner
	var conn *redis.Conn
	var sub *redis.PubSub
	err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
		//lint:ignore escape this test asks what becomes of a client that is kept
		kept, pipe, conn = rdb, rdb.Pipeline(), rdb.Conn()
		//lint:ignore escape and of a subscription
		sub = rdb.Subscribe(ctx, "c")
		if err := rdb.Set(ctx, "k", "v", 0).Err(); err != nil {
			return err
		}
		if n := s.Clients(); n != 2 {
			t.Errorf("%d connections inside, want 2", n)
		}
		if v := rdb.Get(ctx, "k").Val(); v != "v" {
			t.Errorf("k is %q", v)
		}
		if list := s.Do("CLIENT", "LIST"); !strings.Contains(list, "name=shop/cart ") {
			t.Errorf("no connection has the name: %s", list)
		}
		return nil
	}, rediscope.URL(s.URL()), rediscope.Name("shop/cart"), log.option())
	if err != nil {
		t.Fatal(err)
	}
	s.WaitClients(0)
	if err := kept.Get(t.Context(), "k").Err(); !errors.Is(err, redis.ErrClosed) || err.Error() != "redis: client is closed" {
		t.Errorf("a client that was kept: %v", err)
	}
	pipe.Get(t.Context(), "k")
	if _, err := pipe.Exec(t.Context()); !errors.Is(err, redis.ErrClosed) {
		t.Errorf("a pipeline that was kept: %v", err)
	}
	if err := conn.Get(t.Context(), "k").Err(); !errors.Is(err, redis.ErrClosed) {
		t.Errorf("a connection that was kept: %v", err)
	}
	for range 2 { // the first answer is that of the confirmation, which has come
		_, err = sub.Receive(t.Context())
	}
	if err == nil {
		t.Error("a subscription that was kept receives")
	}
	if _, err = sub.Receive(t.Context()); !errors.Is(err, redis.ErrClosed) {
		t.Errorf("a subscription that was kept: %v", err)
	}
	if got, want := log.messages(), "DEBUG redis: connected\nDEBUG redis: connected\nDEBUG redis: disconnected"; got != want {
		t.Errorf("log:\n%s\nwant:\n%s", log.String(), want)
	}
}

// Redis is where REDIS_URL says, and nowhere without it.
func TestAddress(t *testing.T) {
	s := redistest.Start(t, "--requirepass", "secret")
	ping := func(ctx context.Context, rdb *redis.Client) error { return rdb.Ping(ctx).Err() }

	t.Setenv("REDIS_URL", "")
	if err := rediscope.WithRedis(t.Context(), ping); err == nil || !strings.Contains(err.Error(), "set REDIS_URL") {
		t.Errorf("without an address: %v", err)
	}
	t.Setenv("REDIS_URL", "redis://:secret@"+s.Addr+"/3?client_name=fromurl")
	if err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
		info := rdb.ClientInfo(ctx)
		if info.Err() == nil && (info.Val().DB != 3 || info.Val().Name != "fromurl") {
			t.Errorf("database %d, name %q", info.Val().DB, info.Val().Name)
		}
		return info.Err()
	}); err != nil {
		t.Error(err)
	}
	if err := rediscope.WithRedis(t.Context(), ping, rediscope.Name("my service")); err == nil || !strings.Contains(err.Error(), `bad name "my service"`) {
		t.Errorf("a bad name: %v", err)
	}
	if err := rediscope.WithRedis(t.Context(), ping, rediscope.Ring(&redis.RingOptions{}), rediscope.Universal(&redis.UniversalOptions{}),
		rediscope.Options(&redis.Options{Addr: s.Addr, Password: "secret"})); err != nil {
		t.Errorf("the last address: %v", err)
	}
	// A bad URL is told without the password that is in it.
	for _, u := range []string{"redis://:secret@host:port/", "http://:secret@host", "redis://:sec%ret@host"} {
		err := rediscope.WithRedis(t.Context(), ping, rediscope.URL(u))
		if err == nil || strings.Contains(err.Error(), "secret@") || strings.Contains(err.Error(), ":sec") {
			t.Errorf("%s: %v", u, err)
		}
	}
	err := rediscope.WithRedis(t.Context(), ping, rediscope.URL("redis://:wrong@"+s.Addr), quiet())
	if !redis.HasErrorPrefix(err, "WRONGPASS") {
		t.Errorf("a wrong password: %v", err)
	}
	// Old protocol, with a password: it is told in the greeting.
	if err := rediscope.WithRedis(t.Context(), ping, rediscope.URL("redis://:secret@"+s.Addr+"?protocol=2")); err != nil {
		t.Error(err)
	}
}

// Options are copied, completed, and overruled where a scope has promises to keep.
func TestOptions(t *testing.T) {
	s := redistest.Start(t)
	given := redis.Options{Addr: s.Addr, MaxRetries: 7, MinIdleConns: 3, ReadTimeout: 2 * time.Second, ClientName: "given"}
	before := given
	err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
		o := rdb.Options()
		if o.MaxRetries != 0 || o.DialerRetries != 1 || o.MinIdleConns != 0 || !o.ContextTimeoutEnabled ||
			o.DialTimeout != 5*time.Second || o.ReadTimeout != 2*time.Second || o.WriteTimeout != 2*time.Second ||
			o.PoolTimeout != 5*time.Second || o.PoolSize != 2 {
			t.Errorf("options: %+v", o)
		}
		if name := rdb.ClientGetName(ctx).Val(); name != "given" {
			t.Errorf("name %q", name)
		}
		return nil
	}, rediscope.Options(&given))
	if err != nil {
		t.Error(err)
	}
	if given.Dialer != nil || given.MaxRetries != before.MaxRetries || given.PoolSize != 0 || given.DialTimeout != 0 || given.ClientName != "given" {
		t.Errorf("the options were changed: %+v", given)
	}
}

// An answer is returned as it is.
func TestErrorsOfCallback(t *testing.T) {
	s := redistest.Start(t)
	own := errors.New("own")
	var log lines
	for name, want := range map[string]error{"nil": nil, "redis.Nil": redis.Nil, "own": own} {
		if err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
			if want == redis.Nil {
				return rdb.Get(ctx, "none").Err()
			}
			return want
		}, rediscope.URL(s.URL()), log.option()); err != want {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if strings.Contains(log.String(), "redis: nil") {
		t.Errorf("redis.Nil is in the log:\n%s", log.String())
	}
	err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
		rdb.Set(ctx, "k", "v", 0)
		return rdb.LPush(ctx, "k", 1).Err()
	}, rediscope.URL(s.URL()))
	if !redis.HasErrorPrefix(err, "WRONGTYPE") {
		t.Errorf("a reply: %v", err)
	}
	// The callback may close what it was lent.
	if err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
		//lint:ignore afterclose this test asks what becomes of it
		return rdb.Close()
	}, rediscope.URL(s.URL())); err != nil {
		t.Errorf("closed twice: %v", err)
	}
}

// A badConn cannot be closed without an error.
type badConn struct{ net.Conn }

var errBadClose = errors.New("cannot close")

func (c badConn) Close() error { _ = c.Conn.Close(); return errBadClose }

func badlyClosed(addr string) rediscope.Option {
	return rediscope.Options(&redis.Options{Addr: addr, Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		return badConn{c}, err
	}})
}

// An error on closing is joined to the callback's, and decides nothing else.
func TestCloseErrors(t *testing.T) {
	s := redistest.Start(t)
	var log lines
	opts := []rediscope.Option{badlyClosed(s.Addr), log.option()}
	calls := 0
	get := func(ctx context.Context, rdb *redis.Client) error { calls++; return rdb.Get(ctx, "none").Err() }
	set := func(ctx context.Context, rdb *redis.Client) error { calls++; return rdb.Set(ctx, "k", 1, 0).Err() }
	with, retry := rediscope.WithRedis, rediscope.WithRedisRetry
	for name, err := range map[string]error{
		"with nil": with(t.Context(), get, opts...), "retry nil": retry(t.Context(), get, opts...),
	} {
		if !errors.Is(err, redis.Nil) || !errors.Is(err, errBadClose) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{"with": with(t.Context(), set, opts...), "retry": retry(t.Context(), set, opts...)} {
		if !errors.Is(err, errBadClose) || err.Error() != "rediscope: failed to disconnect: cannot close" {
			t.Errorf("%s: %v", name, err)
		}
	}
	v, err := rediscope.WithRedisFallback(t.Context(), func(ctx context.Context, rdb *redis.Client) (string, error) {
		calls++
		return rdb.Get(ctx, "k").Result()
	}, func(_ context.Context, cause error) (string, error) { return "", cause }, opts...)
	if v != "1" || err != nil {
		t.Errorf("fallback: %q, %v", v, err)
	}
	if calls != 5 {
		t.Errorf("%d calls, want 5", calls)
	}
	if n := strings.Count(log.messages(), "WARN redis: failed to disconnect"); n != 5 {
		t.Errorf("%d lines about closing, want 5:\n%s", n, log.String())
	}
}

// What ends a callback early does not keep it from being closed.
func TestPanicAndGoexit(t *testing.T) {
	s := redistest.Start(t)
	before := runtime.NumGoroutine()
	var ends []error
	opts := []rediscope.Option{rediscope.URL(s.URL()), rediscope.Trace(func(ctx context.Context, _ rediscope.Info) (context.Context, func(error)) {
		return ctx, func(err error) { ends = append(ends, err) }
	})}
	for _, with := range []func(context.Context, func(context.Context, *redis.Client) error, ...rediscope.Option) error{
		rediscope.WithRedis, rediscope.WithRedisRetry,
		func(ctx context.Context, fn func(context.Context, *redis.Client) error, opts ...rediscope.Option) error {
			_, err := rediscope.WithRedisFallback(ctx, func(ctx context.Context, rdb *redis.Client) (int, error) { return 0, fn(ctx, rdb) },
				func(context.Context, error) (int, error) { panic("fallback") }, opts...)
			return err
		},
	} {
		func() {
			defer func() {
				if v := recover(); v != "own" {
					t.Errorf("recovered %v", v)
				}
			}()
			_ = with(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
				rdb.Ping(ctx)
				panic("own")
			}, opts...)
		}()
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = with(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
				rdb.Ping(ctx)
				runtime.Goexit()
				return nil
			}, opts...)
			t.Error("Goexit returned")
		}()
		<-done
	}
	s.WaitClients(0)
	leftGoroutines(t, before)
	if len(ends) != 6 {
		t.Errorf("%d ends, want 6", len(ends))
	}
	for _, err := range ends {
		if err == nil || err.Error() != "rediscope: the callback did not return" {
			t.Errorf("Trace heard %v", err)
		}
	}
}

// A value comes out with the errors of WithRedis.
func TestValue(t *testing.T) {
	s := redistest.Start(t)
	count := func(ctx context.Context, rdb *redis.Client) (int64, error) { return rdb.Incr(ctx, "n").Result() }
	for want := int64(1); want < 4; want++ {
		if n, err := rediscope.Value(t.Context(), count, rediscope.URL(s.URL())); n != want || err != nil {
			t.Errorf("%d, %v", n, err)
		}
	}
	if v, err := rediscope.Value(t.Context(), func(ctx context.Context, rdb *redis.Client) (string, error) {
		return rdb.Get(ctx, "none").Result()
	}, rediscope.URL(s.URL())); v != "" || err != redis.Nil {
		t.Errorf("%q, %v", v, err)
	}
	if n, err := rediscope.Value(t.Context(), count, badlyClosed(s.Addr), quiet()); n != 4 || !errors.Is(err, errBadClose) {
		t.Errorf("%d, %v", n, err)
	}
	own := errors.New("own")
	if v, err := rediscope.Value(t.Context(), func(context.Context, *redis.Client) (int, error) { return 7, own }, rediscope.URL(s.URL())); v != 7 || err != own {
		t.Errorf("%d, %v", v, err)
	}
	if v, err := rediscope.Value(t.Context(), func(context.Context, *redis.Client) (int, error) { t.Error("called"); return 7, nil }, nil); v != 0 || err == nil {
		t.Errorf("%d, %v", v, err)
	}
	s.WaitClients(0)
}

// A command on the client within its own transaction needs a second connection.
func TestWatch(t *testing.T) {
	s := redistest.Start(t)
	err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Watch(ctx, func(tx *redis.Tx) error {
			if err := rdb.Set(ctx, "other", 1, 0).Err(); err != nil {
				return err
			}
			_, err := tx.TxPipelined(ctx, func(p redis.Pipeliner) error { p.Incr(ctx, "k"); return nil })
			return err
		}, "k")
	}, rediscope.URL(s.URL()))
	if err != nil || s.Do("GET", "k") != "1" {
		t.Error(err)
	}
}

func TestSetup(t *testing.T) {
	s := redistest.Start(t)
	var order []string
	step := func(name string, err error) rediscope.Option {
		return rediscope.Setup(func(rdb redis.UniversalClient) error {
			if _, ok := rdb.(*redis.Client); !ok {
				t.Errorf("a %T", rdb)
			}
			order = append(order, name)
			return err
		})
	}
	fn := func(context.Context, *redis.Client) error { order = append(order, "fn"); return nil }
	if err := rediscope.WithRedis(t.Context(), fn, rediscope.URL(s.URL()), step("a", nil), step("b", nil)); err != nil {
		t.Error(err)
	}
	own := errors.New("own")
	if err := rediscope.WithRedis(t.Context(), fn, rediscope.URL(s.URL()), step("c", own)); !errors.Is(err, own) {
		t.Error(err)
	}
	if got := strings.Join(order, " "); got != "a b fn c" {
		t.Error(got)
	}
}

type key struct{}

// Trace surrounds a scope, and its context reaches the callback.
func TestTrace(t *testing.T) {
	s := redistest.Start(t)
	var begun []rediscope.Info
	var ends []error
	trace := rediscope.Trace(func(ctx context.Context, i rediscope.Info) (context.Context, func(error)) {
		begun = append(begun, i)
		return context.WithValue(ctx, key{}, "span"), func(err error) {
			if n := s.Clients(); n > 0 {
				time.Sleep(50 * time.Millisecond)
				if n := s.Clients(); n > 0 {
					t.Errorf("%d connections at the end of the span", n)
				}
			}
			ends = append(ends, err)
		}
	})
	err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
		if ctx.Value(key{}) != "span" {
			t.Error("the callback has another context")
		}
		return rdb.Get(ctx, "none").Err()
	}, rediscope.URL(s.URL()), rediscope.Name("n"), trace)
	if err != redis.Nil || len(ends) != 1 || ends[0] != redis.Nil {
		t.Errorf("%v, heard %v", err, ends)
	}
	if len(begun) != 1 || begun[0] != (rediscope.Info{Addr: s.Addr, Name: "n", Attempt: 1}) {
		t.Errorf("begun: %+v", begun)
	}
}

func TestWrongClient(t *testing.T) {
	err := rediscope.WithRedis(t.Context(), func(context.Context, *redis.Client) error { t.Error("called"); return nil },
		rediscope.Universal(&redis.UniversalOptions{Addrs: []string{"127.0.0.1:1", "127.0.0.1:2"}}))
	if err == nil || !strings.Contains(err.Error(), "WithUniversal") {
		t.Error(err)
	}
}
