package rediscope_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
)

// A subscription is there when its function begins, and gone when that ends.
func TestSubscribe(t *testing.T) {
	s := redistest.Start(t)
	before := runtime.NumGoroutine()
	own := errors.New("own")
	var got []string
	err := rediscope.Subscribe(t.Context(), []string{"a", "b"}, func(ctx context.Context, messages <-chan *redis.Message) error {
		if n := s.Do("PUBLISH", "a", "1") + s.Do("PUBLISH", "b", "2") + s.Do("PUBLISH", "c", "3"); n != "110" {
			t.Errorf("published to %s", n)
		}
		for m := range messages {
			if got = append(got, m.Channel+m.Payload); len(got) == 2 {
				return own
			}
		}
		return nil
	}, rediscope.URL(s.URL()), rediscope.Name("sse"))
	if err != own || !slices.Equal(got, []string{"a1", "b2"}) {
		t.Errorf("%v, %v", got, err)
	}
	err = rediscope.PSubscribe(t.Context(), []string{"news.*"}, func(ctx context.Context, messages <-chan *redis.Message) error {
		s.Do("PUBLISH", "news.go", "1.26")
		if m := <-messages; m.Channel != "news.go" || m.Pattern != "news.*" || m.Payload != "1.26" {
			t.Errorf("got %+v", m)
		}
		return nil
	}, rediscope.URL(s.URL()))
	if err != nil {
		t.Error(err)
	}
	s.WaitClients(0)
	leftGoroutines(t, before)
}

// It ends with the context, whether the function listens or works.
func TestSubscribeEnds(t *testing.T) {
	s := redistest.Start(t)
	before := runtime.NumGoroutine()
	gone := errors.New("the reader has gone")
	shared, err := rediscope.Open(rediscope.URL(s.URL()))
	if err != nil {
		t.Fatal(err)
	}
	defer shared.Close()
	for _, opt := range []rediscope.Option{rediscope.URL(s.URL()), shared} {
		for name, fn := range map[string]func(context.Context, <-chan *redis.Message) error{
			"listening": func(_ context.Context, messages <-chan *redis.Message) error {
				for range messages {
				}
				return nil
			},
			"watching the context": func(ctx context.Context, _ <-chan *redis.Message) error { <-ctx.Done(); return nil },
			"flooded": func(ctx context.Context, _ <-chan *redis.Message) error {
				for range 200 {
					s.Do("PUBLISH", "a", "x") // and nobody reads
				}
				<-ctx.Done()
				return nil
			},
		} {
			ctx, cancel := context.WithCancelCause(t.Context())
			timer := time.AfterFunc(200*time.Millisecond, func() { cancel(gone) })
			start := time.Now()
			err := rediscope.Subscribe(ctx, []string{"a"}, fn, opt)
			within(t, name, start, 190*time.Millisecond, slack)
			if err != gone {
				t.Errorf("%s: %v", name, err)
			}
			timer.Stop()
			for range 100 {
				if strings.Count(s.Do("CLIENT", "LIST"), "sub=1") == 0 {
					break
				}
				time.Sleep(20 * time.Millisecond)
			}
			if n := strings.Count(s.Do("CLIENT", "LIST"), "sub=1"); n != 0 {
				t.Errorf("%s: %d subscriptions are left", name, n)
			}
		}
	}
	for _, end := range []func(){func() { panic("own") }, runtime.Goexit} {
		done := make(chan any)
		go func() {
			defer func() { done <- recover() }()
			_ = rediscope.Subscribe(t.Context(), []string{"a"}, func(context.Context, <-chan *redis.Message) error { end(); return nil },
				rediscope.URL(s.URL()))
		}()
		<-done
	}
	_ = shared.Close()
	s.WaitClients(0)
	leftGoroutines(t, before)
}

// A subscription that is lost says so, and does not come back in silence.
func TestSubscribeLost(t *testing.T) {
	s := redistest.Start(t)
	before := runtime.NumGoroutine()
	p := redistest.NewProxy(t, s.Addr)
	patient := rediscope.Options(&redis.Options{Addr: p.Addr, ReadTimeout: 100 * time.Millisecond})
	listen := func(then func()) error {
		return rediscope.Subscribe(t.Context(), []string{"a"}, func(_ context.Context, messages <-chan *redis.Message) error {
			then()
			for range messages {
			}
			return nil
		}, patient, quiet())
	}
	conns := p.Conns.Load()
	if err := listen(p.Cut); err == nil || !strings.HasPrefix(err.Error(), "rediscope: the subscription was lost: ") {
		t.Errorf("cut: %v", err)
	}
	if n := p.Conns.Load() - conns; n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
	start := time.Now()
	err := listen(func() { p.Stall(true) })
	within(t, "silence", start, 190*time.Millisecond, slack)
	if err == nil || !strings.HasPrefix(err.Error(), "rediscope: the subscription was lost: ") {
		t.Errorf("stalled: %v", err)
	}
	p.Stall(false)

	// A quiet channel is not a lost one, nor is one whose reader is slow.
	err = rediscope.Subscribe(t.Context(), []string{"a"}, func(_ context.Context, messages <-chan *redis.Message) error {
		time.Sleep(500 * time.Millisecond)
		for i := range 150 {
			s.Do("PUBLISH", "a", fmt.Sprint(i))
		}
		time.Sleep(500 * time.Millisecond)
		for i := range 150 {
			if m := <-messages; m == nil || m.Payload != fmt.Sprint(i) {
				return fmt.Errorf("message %d is %v", i, m)
			}
		}
		return nil
	}, patient, quiet())
	if err != nil {
		t.Error(err)
	}
	s.WaitClients(0)
	leftGoroutines(t, before+2) // the proxy may still wait for the client it had stalled
}

func TestSubscribeFails(t *testing.T) {
	fn := func(context.Context, <-chan *redis.Message) error { t.Error("called"); return nil }
	away := rediscope.URL("redis://127.0.0.1:1")
	if err := rediscope.Subscribe(t.Context(), []string{"a"}, fn, away, quiet()); !rediscope.Transient(err) {
		t.Errorf("away: %v", err)
	}
	if err := rediscope.Subscribe(t.Context(), nil, fn, away); err == nil {
		t.Error("no channel was accepted")
	}
	if err := rediscope.Subscribe(t.Context(), []string{"a"}, fn, rediscope.URL("no")); err == nil {
		t.Error("a bad URL was accepted")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := rediscope.Subscribe(ctx, []string{"a"}, fn, rediscope.URL(mute(t)), quiet())
	within(t, "a silent server", start, 90*time.Millisecond, slack)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	// Who may not subscribe is told so.
	s := redistest.Start(t)
	s.Do("ACL", "SETUSER", "default", "-subscribe")
	if err := rediscope.Subscribe(t.Context(), []string{"a"}, fn, rediscope.URL(s.URL())); !redis.HasErrorPrefix(err, "NOPERM") {
		t.Error(err)
	}
}

// Subscriptions go through a cluster, a ring and Sentinel too.
func TestSubscribeUniversal(t *testing.T) {
	a, c := redistest.Start(t), cluster(t)
	watcher := sentinel(t, a)
	for name, k := range map[string]struct {
		opt rediscope.Option
		on  *redistest.Server
	}{
		"cluster":  {rediscope.Universal(&redis.UniversalOptions{Addrs: []string{c.Addr}, IsClusterMode: true}), c},
		"sentinel": {rediscope.Universal(&redis.UniversalOptions{Addrs: []string{watcher.Addr}, MasterName: "main"}), a},
		"ring":     {rediscope.Ring(&redis.RingOptions{Addrs: map[string]string{"a": a.Addr}}), a},
	} {
		before := runtime.NumGoroutine()
		err := rediscope.Subscribe(t.Context(), []string{"a"}, func(_ context.Context, messages <-chan *redis.Message) error {
			k.on.Do("PUBLISH", "a", "1")
			if m := <-messages; m.Payload != "1" {
				t.Errorf("%s: %v", name, m)
			}
			return nil
		}, k.opt)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		leftGoroutines(t, before)
	}
}
