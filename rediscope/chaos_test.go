package rediscope_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
)

var full = flag.Bool("full", false, "run the heavy tests at their full size, which takes minutes, and hold them to 100 ms beyond a deadline")

// heavy is the size of a heavy test.
func heavy(usual, large int) int {
	if *full {
		return large
	}
	return usual
}

// A storm is many scopes at once, and what became of them.
type storm struct {
	opts     []rediscope.Option
	scopes   int
	deadline time.Duration // of each scope
	at       int           // how many at once, 200 if it is zero
	once     bool          // each counts how often it is carried out, and may be repeated

	mu      sync.Mutex
	ok      int
	errs    map[string]int // by kind
	strange []error        // of no kind
	late    time.Duration  // the longest time that a scope took beyond its deadline
	took    time.Duration
	machine time.Duration // the longest time that a plain timer was late meanwhile
	done    []int         // the scopes that succeeded, if they count
}

func (w *storm) run(ctx context.Context) {
	w.errs = map[string]int{}
	start := time.Now()
	var next atomic.Int64
	var wg sync.WaitGroup
	if w.at == 0 {
		w.at = 200
	}
	for g := range w.at {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				i := int(next.Add(1))
				if i > w.scopes {
					return
				}
				w.scope(ctx, g, i)
			}
		}()
	}
	stop := meanwhile(func(context.Context) {
		due := time.Now().Add(5 * time.Millisecond)
		time.Sleep(5 * time.Millisecond)
		w.machine = max(w.machine, time.Since(due))
	})
	wg.Wait()
	stop()
	w.took = time.Since(start)
}

// scope is one scope: most issue some commands, and some end in another way.
func (w *storm) scope(ctx context.Context, g, i int) {
	ctx, cancel := context.WithTimeout(ctx, w.deadline)
	defer cancel()
	start := time.Now()
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if v := recover(); v != nil {
				err = fmt.Errorf("panic: %v", v)
			}
		}()
		err = errors.New("goexit")
		with := rediscope.WithRedis
		if w.once {
			with = rediscope.WithRedisRetry
		}
		err = with(ctx, func(ctx context.Context, rdb *redis.Client) error {
			key := fmt.Sprint("storm:", g)
			if w.once {
				if err := rdb.Incr(ctx, carriedOut(i)).Err(); err != nil {
					return err
				}
			} else if err := rdb.Set(ctx, key, i, 0).Err(); err != nil {
				return err
			}
			switch i % 50 {
			case 0:
				panic("on purpose")
			case 1:
				runtime.Goexit()
			case 2:
				cancel()
			case 3:
				return rdb.BLPop(ctx, time.Second, key+":none").Err()
			}
			if w.once {
				key = carriedOut(i)
			}
			return rdb.Get(ctx, key).Err()
		}, w.opts...)
	}()
	<-done
	late := time.Since(start) - w.deadline
	w.mu.Lock()
	defer w.mu.Unlock()
	w.late = max(w.late, late)
	switch {
	case err == nil:
		w.ok++
		w.done = append(w.done, i)
	case errors.Is(err, redis.Nil): // wrapped, if it comes after a repetition
		w.errs["redis.Nil"]++
	case errors.Is(err, context.Canceled):
		w.errs["cancelled"]++
	case errors.Is(err, context.DeadlineExceeded):
		w.errs["deadline"]++
	case err.Error() == "goexit" || err.Error() == "panic: on purpose":
		w.errs[err.Error()]++
	case redis.IsMaxClientsError(err):
		w.errs["max clients"]++
	case rediscope.Transient(err):
		w.errs["connection"]++
	default:
		w.strange = append(w.strange, err)
	}
}

func carriedOut(i int) string { return fmt.Sprint("storm:carried:", i) }

// checkOnce holds that nothing was carried out twice, and all that succeeded was.
func (w *storm) checkOnce(t *testing.T, s *redistest.Server) {
	t.Helper()
	if twice := s.Do("EVAL", `local n = 0 for i = 1, ARGV[1] do local v = redis.call('GET', 'storm:carried:' .. i)
		if v and tonumber(v) > 1 then n = n + 1 end end return n`, 0, w.scopes); twice != "0" {
		t.Errorf("%s scopes were carried out twice", twice)
	}
	for _, i := range w.done {
		if got := s.Do("GET", carriedOut(i)); got != "1" {
			t.Fatalf("scope %d succeeded and was carried out %s times", i, got)
		}
	}
}

// check holds that nothing is left and that each error says something.
func (w *storm) check(t *testing.T, s *redistest.Server, goroutinesBefore int) {
	t.Helper()
	s.WaitClients(watcherLinks(s))
	leftGoroutines(t, goroutinesBefore)
	var kinds []string
	for _, k := range slices.Sorted(maps.Keys(w.errs)) {
		kinds = append(kinds, fmt.Sprintf("%d %s", w.errs[k], k))
	}
	t.Logf("%d scopes in %v: %d ok, %s; at most %v beyond the deadline of %v, while a timer was up to %v late",
		w.scopes, w.took.Round(time.Millisecond), w.ok, strings.Join(kinds, ", "),
		w.late.Round(time.Millisecond), w.deadline, w.machine.Round(time.Millisecond))
	for _, err := range w.strange[:min(len(w.strange), 5)] {
		t.Errorf("strange: %T: %v", err, err)
	}
	most := 10 * time.Second // see slack
	if *full {
		most = 100 * time.Millisecond
	}
	if w.late > most+2*w.machine { // a scope that is late waits for two wake-ups at least
		t.Errorf("a scope took %v beyond its deadline, while a timer was up to %v late", w.late, w.machine)
	}
}

// meanwhile runs f again and again while the storm lasts.
func meanwhile(f func(ctx context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			f(ctx)
		}
	}()
	return func() { cancel(); <-done }
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func TestStorm(t *testing.T) {
	calm := 20_000
	if testing.Short() {
		calm = 2_000
	}
	for _, c := range []struct {
		name     string
		scopes   int
		deadline time.Duration
		args     []string
		disturb  func(ctx context.Context, s *redistest.Server, p *redistest.Proxy)
		kind     string // of what has to happen now and then, besides success
	}{
		{name: "calm", scopes: calm, deadline: time.Minute, kind: "redis.Nil"},
		{name: "killed", scopes: heavy(4_000, 20_000), deadline: 5 * time.Second, kind: "connection",
			disturb: func(ctx context.Context, s *redistest.Server, _ *redistest.Proxy) {
				pause(ctx, 100*time.Millisecond)
				s.Kill()
				pause(ctx, 10*time.Millisecond)
				s.Restart()
			}},
		{name: "stopped", scopes: heavy(1_000, 20_000), deadline: time.Second, kind: "deadline",
			disturb: func(ctx context.Context, s *redistest.Server, _ *redistest.Proxy) {
				pause(ctx, 50*time.Millisecond)
				s.Pause()
				pause(ctx, 1500*time.Millisecond)
				s.Resume()
				pause(ctx, 500*time.Millisecond)
			}},
		{name: "full", scopes: heavy(4_000, 20_000), deadline: 5 * time.Second, args: []string{"--maxclients", "40"}, kind: "max clients"},
		{name: "cut", scopes: heavy(2_000, 20_000), deadline: 5 * time.Second, kind: "connection",
			disturb: func(ctx context.Context, _ *redistest.Server, p *redistest.Proxy) {
				p.CutAfter(rand.IntN(20_000))
				pause(ctx, 10*time.Millisecond)
			}},
		{name: "stalled", scopes: heavy(1_000, 20_000), deadline: time.Second, kind: "deadline",
			disturb: func(ctx context.Context, _ *redistest.Server, p *redistest.Proxy) {
				pause(ctx, 50*time.Millisecond)
				p.Stall(true)
				pause(ctx, 1500*time.Millisecond)
				p.Stall(false)
				pause(ctx, 500*time.Millisecond)
			}},
		{name: "dripping", scopes: heavy(1_000, 20_000), deadline: time.Second, kind: "deadline",
			disturb: func(ctx context.Context, _ *redistest.Server, p *redistest.Proxy) {
				pause(ctx, 50*time.Millisecond)
				p.Drip(10 * time.Millisecond)
				pause(ctx, 1500*time.Millisecond)
				p.Drip(0)
				pause(ctx, 500*time.Millisecond)
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := redistest.Start(t, c.args...)
			p := redistest.NewProxy(t, s.Addr)
			before := runtime.NumGoroutine()
			w := &storm{scopes: c.scopes, deadline: c.deadline, opts: []rediscope.Option{rediscope.URL(s.URL()), quiet()}}
			switch c.name {
			case "cut", "stalled", "dripping":
				w.opts[0] = rediscope.URL(p.URL())
			}
			stop := func() {}
			if c.disturb != nil {
				stop = meanwhile(func(ctx context.Context) { c.disturb(ctx, s, p) })
			}
			w.run(t.Context())
			stop()
			w.check(t, s, before)
			if w.ok == 0 || w.errs[c.kind] == 0 {
				t.Errorf("%d scopes succeeded and %d ended by %q, nothing is shown", w.ok, w.errs[c.kind], c.kind)
			}
		})
	}
}

// The same where connecting is more than a handshake: by a host's name, with a
// name server that is silent now and then, over TLS, and by way of Sentinel, with
// one of three stopped. Connections are cut and stalled meanwhile, and scopes are
// repeated where nothing has run.
func TestStormFar(t *testing.T) {
	for _, name := range []string{"host names", "TLS", "sentinel"} {
		t.Run(name, func(t *testing.T) {
			names := redistest.StartNames(t)
			s, secure := redistest.StartTLS(t)
			w := &storm{scopes: heavy(1_000, 20_000), deadline: 2 * time.Second, once: true}
			target := s.Addr
			if name == "TLS" {
				target, w.at = secure.Addr, 40 // more handshakes at once than that are a test of the processor
			}
			p := redistest.NewProxy(t, target)
			switch name {
			case "host names":
				w.opts = append(w.opts, rediscope.URL("redis://"+redistest.At(p.Addr)))
			case "TLS":
				w.opts = append(w.opts, rediscope.Options(&redis.Options{Addr: redistest.At(p.Addr), TLSConfig: secure.Config(t)}))
			case "sentinel":
				o := &redis.UniversalOptions{MasterName: "main", Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
					if addr == s.Addr { // the sentinels tell where the server is, not the proxy
						addr = p.Addr
					}
					return (&net.Dialer{}).DialContext(ctx, network, addr)
				}}
				for i := range 3 {
					watcher := sentinel(t, s)
					o.Addrs = append(o.Addrs, redistest.At(watcher.Addr))
					if i == 1 {
						watcher.Pause()
						defer watcher.Resume()
					}
				}
				w.opts = append(w.opts, rediscope.Universal(o))
			}
			w.opts = append(w.opts, quiet(), rediscope.Attempts(3, 5*time.Millisecond))
			before := runtime.NumGoroutine()
			cuts := 40
			if name == "host names" {
				cuts = 200 // a lookup without an answer is tried again after five seconds, and others wait for the same
			}
			if !*full {
				cuts = 4 // the short storm is over before a longer round comes to its silence
			}
			stop := meanwhile(func(ctx context.Context) {
				for range cuts {
					p.CutAfter(rand.IntN(400_000))
					pause(ctx, 50*time.Millisecond)
				}
				names.Silence(name == "host names")
				p.Stall(name != "host names")
				pause(ctx, 2400*time.Millisecond)
				names.Silence(false)
				p.Stall(false)
				pause(ctx, 300*time.Millisecond)
			})
			w.run(t.Context())
			stop()
			w.check(t, s, before)
			w.checkOnce(t, s)
			if w.ok == 0 || w.errs["connection"]+w.errs["deadline"] == 0 {
				t.Errorf("%d scopes succeeded, %v, nothing is shown", w.ok, w.errs)
			}
		})
	}
}
