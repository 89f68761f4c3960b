package rediscope_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
)

// punctual runs f, which should end at a deadline, and fails if that takes a
// second longer, and longer than two plain timers are late meanwhile. It returns
// how late it was.
func punctual(t *testing.T, what string, deadline time.Duration, f func()) time.Duration {
	t.Helper()
	machine := time.Duration(0)
	stop := meanwhile(func(context.Context) {
		due := time.Now().Add(5 * time.Millisecond)
		time.Sleep(5 * time.Millisecond)
		machine = max(machine, time.Since(due))
	})
	start := time.Now()
	f()
	late := time.Since(start) - deadline
	stop()
	if late > time.Second+2*machine {
		t.Errorf("%s ended %v after its deadline of %v, while a timer was up to %v late", what, late, deadline, machine)
	}
	return late
}

// A host's name is looked up once for each connection, and for no longer than
// the context allows.
func TestNames(t *testing.T) {
	names := redistest.StartNames(t)
	s, a := redistest.Start(t), cluster(t)
	secure, tls := redistest.StartTLS(t)
	watcher := sentinel(t, s)
	before := runtime.NumGoroutine()
	for _, c := range []struct {
		name string
		opts rediscope.Option
	}{
		{"single", rediscope.URL("redis://" + redistest.At(s.Addr))},
		{"TLS", rediscope.Options(&redis.Options{Addr: redistest.At(tls.Addr), TLSConfig: tls.Config(t)})},
		{"universal", rediscope.Universal(&redis.UniversalOptions{Addrs: []string{redistest.At(s.Addr)}})},
		{"sentinel", rediscope.Universal(&redis.UniversalOptions{Addrs: []string{redistest.At(watcher.Addr)}, MasterName: "main"})},
		{"sentinel, by latency", rediscope.Universal(&redis.UniversalOptions{Addrs: []string{redistest.At(watcher.Addr)}, MasterName: "main", IsClusterMode: true})},
		{"ring", rediscope.Ring(&redis.RingOptions{Addrs: map[string]string{"a": redistest.At(s.Addr)}})},
		{"cluster", rediscope.Universal(&redis.UniversalOptions{Addrs: []string{redistest.At(a.Addr)}, IsClusterMode: true})},
	} {
		t.Run(c.name, func(t *testing.T) {
			const scopes = 20
			get := func(ctx context.Context, rdb redis.UniversalClient) error { return rdb.Set(ctx, "k", 1, 0).Err() }
			first := names.Lookups.Load()
			for range scopes {
				if err := rediscope.WithUniversal(t.Context(), get, c.opts, quiet()); err != nil {
					t.Fatal(err)
				}
			}
			want := int64(scopes)
			if c.name == "sentinel, by latency" {
				want *= 2 // it is asked for the master, and for the replicas
			}
			if got := names.Lookups.Load() - first; got != want {
				t.Errorf("%d lookups for %d scopes", got, scopes)
			}
			names.Silence(true)
			defer names.Silence(false)
			punctual(t, "a scope without an answer", 300*time.Millisecond, func() {
				ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
				defer cancel()
				if err := rediscope.WithUniversal(ctx, get, c.opts, quiet()); !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			})
		})
	}
	secure.WaitClients(0)
	leftGoroutines(t, before)
}

// A command that was begun before the context ended ends with it, even if its
// connection is opened only afterwards. One that is begun later runs.
func TestBegunBefore(t *testing.T) {
	s := redistest.Start(t)
	before := runtime.NumGoroutine()
	for name, begin := range map[string]func(*redis.Client) error{
		"command": func(rdb *redis.Client) error { return rdb.BLPop(context.Background(), 0, "none").Err() },
		"pipeline": func(rdb *redis.Client) error {
			p := rdb.Pipeline()
			p.BLPop(context.Background(), 0, "none")
			_, err := p.Exec(context.Background())
			return err
		},
		"connection": func(rdb *redis.Client) error {
			c := rdb.Conn()
			defer c.Close()
			return c.BLPop(context.Background(), 0, "none").Err()
		},
		"transaction": func(rdb *redis.Client) error {
			return rdb.Watch(context.Background(), func(tx *redis.Tx) error { return tx.BLPop(context.Background(), 0, "none").Err() }, "k")
		},
		"subscription": func(rdb *redis.Client) error {
			p := rdb.Subscribe(context.Background(), "c")
			defer p.Close()
			_, err := p.ReceiveMessage(context.Background())
			return err
		},
	} {
		for _, way := range []string{"deadline", "cancel"} {
			t.Run(name+" "+way, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				if way == "deadline" {
					ctx, cancel = context.WithTimeout(t.Context(), 100*time.Millisecond)
				} else {
					time.AfterFunc(100*time.Millisecond, cancel)
				}
				defer cancel()
				var dials atomic.Int64
				slow := rediscope.Options(&redis.Options{Addr: s.Addr, Dialer: func(_ context.Context, network, addr string) (net.Conn, error) {
					if dials.Add(1) == 1 { // it ends after the context does, and does not look at it
						<-ctx.Done()
						time.Sleep(20 * time.Millisecond)
					}
					return net.Dial(network, addr)
				}})
				var first error
				err := errors.New("never returned")
				done := make(chan struct{})
				punctual(t, "the scope", 120*time.Millisecond, func() {
					go func() {
						defer close(done)
						err = rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
							first = begin(rdb)
							return rdb.Set(context.WithoutCancel(ctx), "after", name+way, 0).Err()
						}, slow, quiet())
					}()
					select {
					case <-done:
					case <-time.After(10 * time.Second):
						t.Fatal("it waits on")
					}
				})
				if first == nil || err != nil || s.Do("GET", "after") != name+way {
					t.Errorf("begun before: %v, begun after: %v", first, err)
				}
			})
		}
	}
	s.WaitClients(0)
	leftGoroutines(t, before)
}

// The same by chance: the context ends about when a connection on loopback is
// there, and the blocking command never ends by itself.
func TestBegunBeforeOften(t *testing.T) {
	s := redistest.Start(t)
	before := runtime.NumGoroutine()
	n := heavy(400, 20_000)
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range n / 4 {
				ctx, cancel := context.WithCancel(t.Context())
				dial := func(dialCtx context.Context, network, addr string) (net.Conn, error) {
					time.AfterFunc(time.Duration(rand.IntN(200))*time.Microsecond, cancel)
					return (&net.Dialer{}).DialContext(dialCtx, network, addr)
				}
				err := rediscope.WithRedis(ctx, func(_ context.Context, rdb *redis.Client) error {
					return rdb.BLPop(context.Background(), 0, "none").Err()
				}, rediscope.Options(&redis.Options{Addr: s.Addr, Dialer: dial}), quiet())
				if !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			}
		}()
	}
	done := make(chan struct{})
	go func() { defer close(done); wg.Wait() }()
	select {
	case <-done:
	case <-time.After(time.Duration(n)*10*time.Millisecond + 10*time.Second):
		buf := make([]byte, 1<<20)
		t.Fatalf("some wait on:\n%s", buf[:runtime.Stack(buf, true)])
	}
	s.WaitClients(0)
	leftGoroutines(t, before)
}

// A sentinel that is silent holds nobody up, and if all are, nobody waits for them
// longer than the context allows.
func TestSilentSentinel(t *testing.T) {
	s := redistest.Start(t)
	watchers := []*redistest.Server{sentinel(t, s), sentinel(t, s), sentinel(t, s)}
	before := runtime.NumGoroutine()
	var addrs []string
	for _, w := range watchers {
		addrs = append(addrs, w.Addr)
	}
	through := rediscope.Universal(&redis.UniversalOptions{Addrs: addrs, MasterName: "main"})
	set := func(ctx context.Context, rdb *redis.Client) error { return rdb.Set(ctx, "k", 1, 0).Err() }
	within := func(d time.Duration) error {
		ctx, cancel := context.WithTimeout(t.Context(), d)
		defer cancel()
		return rediscope.WithRedis(ctx, set, through, quiet())
	}
	watchers[1].Pause()
	for range 20 {
		if err := within(3 * time.Second); err != nil {
			t.Errorf("one of three is silent: %v", err)
		}
	}
	watchers[0].Kill()
	for range 20 {
		if err := within(3 * time.Second); err != nil {
			t.Errorf("one is silent, one away: %v", err)
		}
	}
	watchers[2].Pause()
	for range 5 {
		punctual(t, "a scope", 300*time.Millisecond, func() {
			if err := within(300 * time.Millisecond); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("two are silent, one away: %v", err)
			}
		})
	}
	watchers[1].Resume()
	watchers[2].Resume()
	err := rediscope.WithRedis(t.Context(), set, rediscope.Universal(&redis.UniversalOptions{Addrs: addrs, MasterName: "other"}), quiet())
	if err == nil || !strings.Contains(err.Error(), `sentinel `+addrs[1]+`: knows no master "other"`) {
		t.Errorf("a master that nobody knows: %v", err)
	}
	s.WaitClients(watcherLinks(s))
	leftGoroutines(t, before-1) // one process was killed
}

// watcherLinks is how many connections sentinels have to a server.
func watcherLinks(s *redistest.Server) int {
	return strings.Count(s.Do("CLIENT", "LIST"), "name=sentinel-")
}

// Reads go to a replica if one is there, and to the master otherwise.
func TestSentinelReplica(t *testing.T) {
	s, r := redistest.Start(t), redistest.Start(t)
	w := sentinel(t, s)
	on := func(o redis.UniversalOptions) (role string) {
		o.Addrs, o.MasterName, o.ReadOnly = []string{w.Addr}, "main", true
		if err := rediscope.WithUniversal(t.Context(), func(ctx context.Context, rdb redis.UniversalClient) error {
			v, err := rdb.Do(ctx, "ROLE").Slice()
			if err == nil {
				role = fmt.Sprint(v[0])
			}
			return err
		}, rediscope.Universal(&o), quiet()); err != nil {
			t.Error(err)
		}
		return role
	}
	if got := on(redis.UniversalOptions{}); got != "master" {
		t.Errorf("without a replica: %s", got)
	}
	host, port, _ := net.SplitHostPort(s.Addr)
	r.Do("REPLICAOF", host, port)
	for range 600 { // a sentinel looks every ten seconds
		if strings.Contains(w.Do("SENTINEL", "replicas", "main"), r.Addr) && !strings.Contains(w.Do("SENTINEL", "replicas", "main"), "disconnected") {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if got := on(redis.UniversalOptions{}); got != "slave" {
		t.Errorf("with a replica: %s", got)
	}
	if got := on(redis.UniversalOptions{RouteRandomly: true}); got != "slave" && got != "master" {
		t.Errorf("on any: %s", got)
	}
}

// A bad option is told, and does not panic.
func TestBadOptions(t *testing.T) {
	var none *rediscope.Shared
	fn := func(context.Context, *redis.Client) error { t.Error("called"); return nil }
	for name, c := range map[string]struct {
		opts []rediscope.Option
		want string
	}{
		"nil":          {[]rediscope.Option{rediscope.URL("redis://x"), nil}, "rediscope: option 2 is nil"},
		"no Shared":    {[]rediscope.Option{none}, "rediscope: this Shared was not made by Open"},
		"empty Shared": {[]rediscope.Option{&rediscope.Shared{}}, "rediscope: this Shared was not made by Open"},
		"no setup":     {[]rediscope.Option{rediscope.Setup(nil)}, "rediscope: Setup(nil) has nothing to call"},
		"no options":   {[]rediscope.Option{rediscope.Options(nil)}, "rediscope: Options(nil) says no address"},
		"no universal": {[]rediscope.Option{rediscope.Universal(nil)}, "rediscope: Universal(nil) says no address"},
		"no ring":      {[]rediscope.Option{rediscope.Ring(nil)}, "rediscope: Ring(nil) says no address"},
	} {
		if err := rediscope.WithRedis(t.Context(), fn, c.opts...); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := rediscope.Open(c.opts...); err == nil || err.Error() != c.want {
			t.Errorf("%s: Open: %v", name, err)
		}
		cause, err := rediscope.WithRedisFallback(t.Context(), func(context.Context, *redis.Client) (string, error) { t.Error("called"); return "", nil },
			func(_ context.Context, cause error) (string, error) { return cause.Error(), nil }, c.opts...)
		if cause != c.want || err != nil {
			t.Errorf("%s: fallback: %q, %v", name, cause, err)
		}
	}
	if err := none.Close(); err != nil {
		t.Error(err)
	}
	if err := (&rediscope.Shared{}).Close(); err != nil {
		t.Error(err)
	}
}

// A refused login is told, once for each connection.
func TestRefusedLogin(t *testing.T) {
	s := redistest.Start(t, "--requirepass", "secret", "--databases", "1")
	s2 := redistest.Start(t)
	for name, c := range map[string]struct {
		url    string
		warned bool
	}{
		"wrong password": {"redis://:wrong@" + s.Addr, true},
		"wrong user":     {"redis://nobody:secret@" + s.Addr, true},
		"no password":    {"redis://" + s.Addr, true},
		"old protocol":   {"redis://:wrong@" + s.Addr + "?protocol=2", true},
		"no database":    {"redis://" + s2.Addr + "/77", true},
		"right":          {"redis://:secret@" + s.Addr, false},
	} {
		want := ""
		if c.warned {
			want = "WARN redis: failed to connect"
		}
		said := func(log *lines) string {
			var warnings []string
			for line := range strings.Lines(log.messages()) {
				if line = strings.TrimSpace(line); strings.HasPrefix(line, "WARN") {
					warnings = append(warnings, line)
				}
			}
			return strings.Join(warnings, "\n")
		}
		var log lines
		err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
			return rdb.LPush(ctx, "k", "v").Err()
		}, rediscope.URL(c.url), log.option())
		if (err != nil) != c.warned || said(&log) != want {
			t.Errorf("%s: %v\n%s", name, err, log.String())
		}
		var piped lines
		_ = rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
			_, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error { p.Get(ctx, "a"); p.Get(ctx, "b"); return nil })
			return err
		}, rediscope.URL(c.url), piped.option())
		if said(&piped) != want {
			t.Errorf("%s, pipeline:\n%s", name, piped.String())
		}
		var subscribed lines
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		_ = rediscope.Subscribe(ctx, []string{"c"}, func(ctx context.Context, m <-chan *redis.Message) error { return io.EOF },
			rediscope.URL(c.url), subscribed.option())
		cancel()
		if name != "no database" && said(&subscribed) != want {
			t.Errorf("%s, subscription:\n%s", name, subscribed.String())
		}
	}
	// An error of a command is none of the login.
	var log lines
	_ = rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Do(ctx, "NONSENSE").Err()
	}, rediscope.URL(s2.URL()), log.option())
	if strings.Contains(log.String(), "WARN") {
		t.Error(log.String())
	}
}

// A script may answer as the server does when it refuses, and has run.
func TestScriptsRunOnce(t *testing.T) {
	s, c := redistest.Start(t), cluster(t)
	s.Do("FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function(keys) redis.call('INCR', keys[1]) return redis.error_reply('TRYAGAIN later') end)")
	const body = "redis.call('INCR', KEYS[1]) return redis.error_reply('TRYAGAIN later')"
	script := redis.NewScript(body)
	for name, run := range map[string]func(context.Context, redis.UniversalClient, string) error{
		"eval": func(ctx context.Context, rdb redis.UniversalClient, k string) error {
			return rdb.Eval(ctx, body, []string{k}).Err()
		},
		"evalsha": func(ctx context.Context, rdb redis.UniversalClient, k string) error {
			return script.Run(ctx, rdb, []string{k}).Err()
		},
		"do": func(ctx context.Context, rdb redis.UniversalClient, k string) error {
			return rdb.Do(ctx, "EVAL", body, 1, k).Err()
		},
		"pipeline": func(ctx context.Context, rdb redis.UniversalClient, k string) error {
			_, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error { p.Eval(ctx, body, []string{k}); return nil })
			return err
		},
		"multi": func(ctx context.Context, rdb redis.UniversalClient, k string) error {
			_, err := rdb.TxPipelined(ctx, func(p redis.Pipeliner) error { p.Eval(ctx, body, []string{k}); return nil })
			return err
		},
		"function": func(ctx context.Context, rdb redis.UniversalClient, k string) error {
			return rdb.FCall(ctx, "f", []string{k}).Err()
		},
	} {
		for on, server := range map[string]*redistest.Server{"single": s, "cluster": c} {
			if name == "function" && on == "cluster" {
				continue
			}
			calls := 0
			err := rediscope.WithUniversalRetry(t.Context(), func(ctx context.Context, rdb redis.UniversalClient) error {
				calls++
				return run(ctx, rdb, name)
			}, rediscope.Universal(&redis.UniversalOptions{Addrs: []string{server.Addr}, IsClusterMode: on == "cluster"}), rediscope.Attempts(3, time.Millisecond), quiet())
			if got := server.Do("GET", name); got != "1" || calls != 1 || err == nil || !redis.HasErrorPrefix(err, "TRYAGAIN") {
				t.Errorf("%s on a %s: %d calls, carried out %s times, %v", name, on, calls, got, err)
			}
		}
	}
}

// seen records what a hook of Setup sees of errors.
type seen struct{ errs *[]error }

func (seen) DialHook(next redis.DialHook) redis.DialHook { return next }
func (s seen) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		if cmd.Name() == "get" {
			*s.errs = append(*s.errs, err, cmd.Err())
		}
		return err
	}
}
func (s seen) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := next(ctx, cmds)
		*s.errs = append(*s.errs, err)
		for _, cmd := range cmds {
			*s.errs = append(*s.errs, cmd.Err())
		}
		return err
	}
}

// Hooks of Setup see the errors that the callback sees.
func TestHooksSeeErrors(t *testing.T) {
	full := redistest.Start(t, "--maxclients", "1")
	held := full.Dial()
	defer held.Close()
	c := cluster(t)
	for name, k := range map[string]struct {
		opts func(p *redistest.Proxy) rediscope.Option
		is   func(error) bool
	}{
		"full server": {func(*redistest.Proxy) rediscope.Option { return rediscope.URL(full.URL()) }, redis.IsMaxClientsError},
		"cut greeting": {func(p *redistest.Proxy) rediscope.Option {
			p.CutAfter(5)
			return rediscope.URL(p.URL())
		}, rediscope.Transient},
		"cluster": {func(p *redistest.Proxy) rediscope.Option {
			return rediscope.Universal(&redis.UniversalOptions{Addrs: []string{c.Addr}, IsClusterMode: true,
				Dialer: func(ctx context.Context, network, _ string) (net.Conn, error) {
					return (&net.Dialer{}).DialContext(ctx, network, p.Addr)
				}})
		}, rediscope.Transient},
	} {
		for _, way := range []string{"command", "pipeline"} {
			p := redistest.NewProxy(t, c.Addr)
			var errs []error
			_ = rediscope.WithUniversal(t.Context(), func(ctx context.Context, rdb redis.UniversalClient) error {
				if name == "cluster" {
					if err := rdb.Ping(ctx).Err(); err != nil {
						return err
					}
					p.CutAfter(10)
				}
				if way == "command" {
					return rdb.Get(ctx, "k").Err()
				}
				_, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error { p.Get(ctx, "k"); return nil })
				return err
			}, k.opts(p), quiet(), rediscope.Setup(func(rdb redis.UniversalClient) error { rdb.AddHook(seen{&errs}); return nil }))
			if len(errs) < 2 {
				t.Errorf("%s, %s: seen %v", name, way, errs)
			}
			for _, err := range errs {
				if !k.is(err) {
					t.Errorf("%s, %s: a hook sees %T %v", name, way, err, err)
				}
			}
		}
	}
}

// A MONITOR that is not stopped ends with its scope.
func TestMonitorEnds(t *testing.T) {
	s := redistest.Start(t)
	before := runtime.NumGoroutine()
	for range 20 {
		lines := make(chan string, 1000)
		if err := rediscope.WithRedis(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
			//lint:ignore unclosed this test asks what becomes of it
			rdb.Monitor(ctx, lines).Start()
			s.Do("SET", "k", 1)
			<-lines
			return nil
		}, rediscope.URL(s.URL()), quiet()); err != nil {
			t.Error(err)
		}
	}
	s.WaitClients(0)
	leftGoroutines(t, before)
}
