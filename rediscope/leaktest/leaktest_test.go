package leaktest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
)

// short is long enough for the server to see that a connection has ended.
var short = Grace(300 * time.Millisecond)

// fake is a TB that may fail.
type fake struct {
	testing.TB
	cleanups []func()
	errors   string
	fatal    bool
}

func (f *fake) Helper()                   {}
func (f *fake) Cleanup(fn func())         { f.cleanups = append(f.cleanups, fn) }
func (f *fake) Errorf(s string, a ...any) { f.errors += fmt.Sprintf(s, a...) + "\n" }
func (f *fake) Fatalf(s string, a ...any) { f.Errorf(s, a...); f.fatal = true }

// end ends the test that f stands for.
func (f *fake) end() string {
	for len(f.cleanups) > 0 {
		last := f.cleanups[len(f.cleanups)-1]
		f.cleanups = f.cleanups[:len(f.cleanups)-1]
		last()
	}
	return f.errors
}

// open makes a client that is connected.
func open(t *testing.T, addr, name string) *redis.Client {
	t.Helper()
	rdb := redis.NewClient(&redis.Options{Addr: addr, ClientName: name})
	t.Cleanup(func() { _ = rdb.Close() }) // some tests close it
	if err := rdb.Get(t.Context(), "k").Err(); err != redis.Nil {
		t.Fatal(err)
	}
	return rdb
}

func matches(t *testing.T, got, pattern string) {
	t.Helper()
	if !regexp.MustCompile(`^` + pattern + `$`).MatchString(got) {
		t.Errorf("got\n%s\nwant\n%s", got, pattern)
	}
}

func TestCheck(t *testing.T) {
	s := redistest.Start(t)
	before := open(t, s.Addr, "before")

	clean := &fake{}
	Check(clean, s.Addr, Grace(time.Minute))
	rdb := open(t, s.Addr, "clean")
	clean.Cleanup(func() { _ = rdb.Close() })
	start := time.Now()
	if got := clean.end(); got != "" {
		t.Error(got)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("nothing was left, and Check waited for %v", took)
	}

	leaky := &fake{}
	Check(leaky, "redis://"+s.Addr+"/0", short)
	open(t, s.Addr, "shop/list")
	raw := s.Dial()
	defer raw.Close()
	_ = before.Close() // a smaller number does not hide what is left
	matches(t, leaky.end(), `leaktest: left open after 300ms:
LEFT        NAME       AGE  IDLE  LAST COMMAND  ADDRESS
connection  shop/list  \ds   \ds    get           127.0.0.1:\d+
connection  -          \ds   \ds    ping          127.0.0.1:\d+
`)
}

// What ends within the time of grace is no leak.
func TestGrace(t *testing.T) {
	s := redistest.Start(t)
	f := &fake{}
	Check(f, s.Addr, Grace(10*time.Second))
	rdb := open(t, s.Addr, "late")
	p := rdb.Subscribe(t.Context(), "c")
	p.Channel()
	time.AfterFunc(100*time.Millisecond, func() { _ = p.Close() })
	time.AfterFunc(200*time.Millisecond, func() { _ = rdb.Close() })
	if got := f.end(); got != "" {
		t.Error(got)
	}
}

func TestGoroutines(t *testing.T) {
	s := redistest.Start(t)
	f := &fake{}
	Check(f, s.Addr, short)
	rdb := open(t, s.Addr, "shop/events")
	for range 2 {
		p := rdb.Subscribe(t.Context(), "c")
		defer p.Close()
		p.Channel()
	}
	// One's own goroutine that is in go-redis counts too.
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		rdb.BLPop(ctx, time.Minute, "queue")
	}()
	defer wg.Wait()
	defer cancel()
	defer s.Kill() // go-redis does not end BLPOP with its context
	time.Sleep(50 * time.Millisecond)
	got := f.end()
	for _, pattern := range []string{
		`(?m)^connection    shop/events  \ds   \ds    subscribe     127.0.0.1:\d+$`,
		`(?m)^connection    shop/events  \ds   \ds    blpop         127.0.0.1:\d+$`,
		`(?m)^2 goroutines  -            -    -     -             redis\.\(\*channel\)\.initMsgChan\S* \(pubsub\.go:\d+\)$`,
		`(?m)^goroutine     -            -    -     -             redis\.cmdable\.BLPop \(list_commands\.go:\d+\)$`,
	} {
		if !regexp.MustCompile(pattern).MatchString(got) {
			t.Errorf("got\n%s\nwant %s", got, pattern)
		}
	}

	// Without a server, only goroutines.
	f = &fake{}
	Check(f, "", short)
	other := miniredis.RunT(t)
	o := open(t, other.Addr(), "")
	p := o.Subscribe(t.Context(), "c")
	defer p.Close()
	p.Channel()
	if got := f.end(); strings.Contains(got, "connection") || !strings.Contains(got, "initMsgChan") {
		t.Error(got)
	}
}

// Tests in parallel each see only their own, by name and by descent.
func TestParallel(t *testing.T) {
	s := redistest.Start(t)
	report := make([]string, 3)
	t.Run("tests", func(t *testing.T) {
		for i := range report {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				f := &fake{}
				grace := Grace(10 * time.Second)
				if i == 1 {
					grace = short
				}
				Check(f, s.Addr, Name(t.Name()), grace)
				// A server of the test, whose handlers have goroutines of their own.
				h := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
					rdb := open(t, s.Addr, t.Name()+"/sub")
					p := rdb.Subscribe(t.Context(), "c")
					t.Cleanup(func() { _ = p.Close() })
					p.Channel()
					if i != 1 {
						_ = p.Close()
						_ = rdb.Close()
					}
					time.Sleep(200 * time.Millisecond)
				}))
				defer h.Close()
				res, err := http.Get(h.URL)
				if err != nil {
					t.Fatal(err)
				}
				res.Body.Close()
				report[i] = f.end()
			})
		}
	})
	for i, got := range report {
		if leaked := got != ""; leaked != (i == 1) {
			t.Errorf("test %d: %q", i, got)
		}
	}
	if got := report[1]; strings.Count(got, "\nconnection  TestParallel/tests/1/sub ") != 2 ||
		strings.Count(got, "\ngoroutine ") != 2 || strings.Count(got, "\n") != 6 {
		t.Error(got)
	}
}

func TestNamesBelow(t *testing.T) {
	s := redistest.Start(t)
	f := &fake{}
	Check(f, s.Addr, Name("TestA"), short)
	defer mark("none")
	for _, name := range []string{"TestAB", "TestA", "TestA/b", "Test", own, ""} {
		open(t, s.Addr, name)
	}
	got := f.end()
	if strings.Count(got, "\nconnection ") != 2 || !strings.Contains(got, "TestA/b") {
		t.Error(got)
	}
}

// A server that was started anew counts ids from the beginning.
func TestRestart(t *testing.T) {
	s := redistest.Start(t)
	for range 3 {
		open(t, s.Addr, "before")
	}
	f := &fake{}
	Check(f, s.Addr, short)
	s.Restart()
	for range 3 {
		open(t, s.Addr, "after")
	}
	if got := f.end(); strings.Count(got, "\nconnection  after ") != 3 {
		t.Error(got)
	}
}

func TestNoServer(t *testing.T) {
	s := redistest.Start(t)
	f := &fake{}
	Check(f, s.Addr, short)
	p := open(t, s.Addr, "x").Subscribe(t.Context(), "c")
	defer p.Close()
	p.Channel()
	s.Kill()
	if got := f.end(); !strings.Contains(got, "connection refused") || !strings.Contains(got, "initMsgChan") {
		t.Error(got)
	}
	f = &fake{}
	Check(f, s.Addr, short)
	if !f.fatal || len(f.cleanups) != 0 || !strings.Contains(f.errors, "connection refused") {
		t.Error(f)
	}
	f = &fake{}
	Check(f, "http://x", short)
	if !f.fatal || !strings.Contains(f.errors, "leaktest: rediscope: bad URL") {
		t.Error(f)
	}
}

func TestVia(t *testing.T) {
	s := redistest.Start(t)
	s.Do("ACL", "SETUSER", "checker", "on", ">pw", "+hello", "+client|id", "+client|list")
	s.Do("ACL", "SETUSER", "default", "off")
	f := &fake{}
	Check(f, "", Via(rediscope.Options(&redis.Options{Addr: s.Addr, Username: "checker", Password: "pw"})))
	if got := f.end(); got != "" {
		t.Error(got)
	}
	f = &fake{}
	Check(f, s.Addr)
	if !f.fatal || !strings.Contains(f.errors, "NOAUTH") {
		t.Error(f)
	}
}

// miniredis tells how many are left, not whose.
func TestMiniredis(t *testing.T) {
	m := miniredis.RunT(t)
	open(t, m.Addr(), "before")
	f := &fake{}
	Check(f, m.Addr())
	_ = open(t, m.Addr(), "x").Close()
	if got := f.end(); got != "" {
		t.Error(got)
	}
	f = &fake{}
	Check(f, m.Addr(), short)
	open(t, m.Addr(), "x")
	rdb := open(t, m.Addr(), "y")
	p := rdb.Subscribe(t.Context(), "c")
	defer p.Close()
	p.Channel()
	got := f.end()
	if !strings.Contains(got, "\n3 connections  -     -    -     -             (the server does not tell whose)\n") ||
		!strings.Contains(got, "initMsgChan") {
		t.Error(got)
	}
	f = &fake{}
	Check(f, m.Addr(), Name("x"))
	if !f.fatal || !strings.Contains(f.errors, "Name cannot be checked") {
		t.Error(f)
	}
	mark("none")
}

type tests func() int

func (f tests) Run() int { return f() }

func TestMain(m *testing.M) { os.Exit(Main(m, "")) }

func TestRun(t *testing.T) {
	s := redistest.Start(t)
	var out strings.Builder
	if code := run(tests(func() int { return 0 }), s.Addr, &out, nil); code != 0 || out.Len() > 0 {
		t.Error(code, out.String())
	}
	leak := tests(func() int { open(t, s.Addr, "left"); return 0 })
	if code := run(leak, s.Addr, &out, []Option{short}); code != 1 || !strings.Contains(out.String(), "connection  left  ") {
		t.Error(code, out.String())
	}
	// With a name, goroutines are those of the whole process.
	out.Reset()
	leak = func() int {
		p := open(t, s.Addr, "other").Subscribe(t.Context(), "c")
		t.Cleanup(func() { _ = p.Close() })
		p.Channel()
		return 2
	}
	if code := run(leak, s.Addr, &out, []Option{short, Name("main")}); code != 2 ||
		strings.Contains(out.String(), "connection") || !strings.Contains(out.String(), "initMsgChan") {
		t.Error(code, out.String())
	}
	out.Reset()
	if code := run(tests(func() int { s.Kill(); return 0 }), s.Addr, &out, []Option{short}); code != 1 || !strings.Contains(out.String(), "refused") {
		t.Error(code, out.String())
	}
	out.Reset()
	if code := run(tests(func() int { t.Error("ran"); return 0 }), s.Addr, &out, nil); code != 1 || !strings.Contains(out.String(), "refused") {
		t.Error(code, out.String())
	}
}
