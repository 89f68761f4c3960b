package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redislint/redislint/examples/internal/server"
	"github.com/redislint/redislint/rediscope"
)

// A reader reads events as a browser does, and leaves without a word.
type reader struct {
	t     *testing.T
	lines *bufio.Scanner
	leave context.CancelFunc
}

func open(t *testing.T, url string) *reader {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%s, %v", resp.Status, resp.Header)
	}
	r := &reader{t: t, lines: bufio.NewScanner(resp.Body), leave: func() { cancel(); _ = resp.Body.Close() }}
	r.expect(": subscribed")
	return r
}

// expect reads the lines of one event.
func (r *reader) expect(want ...string) {
	r.t.Helper()
	for _, w := range append(want, "") {
		if !r.lines.Scan() || r.lines.Text() != w {
			r.t.Fatalf("got %q, want %q, %v", r.lines.Text(), w, r.lines.Err())
		}
	}
}

func publish(t *testing.T, url, text string) string {
	t.Helper()
	resp, err := http.Post(url, "text/plain", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	return resp.Status + " " + strings.TrimSpace(string(b))
}

// settle waits until no more goroutines run than before.
func settle(t *testing.T, before int) {
	t.Helper()
	http.DefaultClient.CloseIdleConnections()
	for range 250 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	b := make([]byte, 1<<20)
	t.Errorf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, b[:runtime.Stack(b, true)])
}

// Readers who leave, in whatever way, leave nothing behind.
func TestReadersLeave(t *testing.T) {
	redis, connections := server.Start(t)
	before := runtime.NumGoroutine()
	web := httptest.NewServer(routes(rediscope.URL(redis)))

	var readers []*reader
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 50 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r := open(t, web.URL+"/events/news")
			mu.Lock()
			defer mu.Unlock()
			readers = append(readers, r)
		}()
	}
	wg.Wait()
	if n := connections(50); n != 50 {
		t.Errorf("%d connections for 50 readers", n)
	}
	if got := publish(t, web.URL+"/publish/news", "one\ntwo"); got != "200 OK 50 readers" {
		t.Error(got)
	}
	for _, r := range readers {
		r.expect("data: one", "data: two")
	}
	for _, r := range readers[:20] {
		r.leave() // the tab is closed
	}
	if n := connections(30); n != 30 {
		t.Errorf("%d connections for 30 readers", n)
	}

	// One slams the door: its connection is reset in the middle of an event.
	c, err := net.Dial("tcp", strings.TrimPrefix(web.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(c, "GET /events/news HTTP/1.1\r\nHost: x\r\n\r\n")
	if n := connections(31); n != 31 {
		t.Errorf("%d connections for 31 readers", n)
	}
	if err := c.(*net.TCPConn).SetLinger(0); err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	if n := connections(30); n != 30 {
		t.Errorf("%d connections for 30 readers", n)
	}
	if got := publish(t, web.URL+"/publish/news", "three"); got != "200 OK 30 readers" {
		t.Error(got)
	}
	for _, r := range readers[20:] {
		r.expect("data: three")
		r.leave()
	}
	if n := connections(0); n != 0 {
		t.Errorf("%d connections are left", n)
	}
	web.Close()
	settle(t, before)
}

// A quiet stream is kept open, and streams end with the server.
func TestShutdown(t *testing.T) {
	redis, connections := server.Start(t)
	before := runtime.NumGoroutine()
	t.Setenv("REDIS_URL", redis)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- serve(ctx, addr) }()
	for range 250 {
		if c, err := net.Dial("tcp", addr); err == nil {
			_ = c.Close()
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	r := open(t, "http://"+addr+"/events/news")
	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the server waits for a stream")
	}
	if r.lines.Scan() {
		t.Errorf("after the end: %q", r.lines.Text())
	}
	r.leave()
	if n := connections(0); n != 0 {
		t.Errorf("%d connections are left", n)
	}
	settle(t, before)
	if err := serve(t.Context(), "nowhere:none"); err == nil || errors.Is(err, http.ErrServerClosed) {
		t.Error(err)
	}
}

func TestBeat(t *testing.T) {
	redis, _ := server.Start(t)
	a := &app{opts: []rediscope.Option{rediscope.URL(redis)}, beat: 10 * time.Millisecond}
	web := httptest.NewServer(http.HandlerFunc(a.events))
	defer web.Close()
	r := open(t, web.URL)
	r.expect(": still here")
	r.leave()
}

func TestRedisAway(t *testing.T) {
	web := httptest.NewServer(routes(rediscope.URL("redis://127.0.0.1:1"), rediscope.Attempts(2, time.Millisecond)))
	defer web.Close()
	want := "503 Service Unavailable Redis is away, try again later"
	if got := publish(t, web.URL+"/publish/news", "x"); got != want {
		t.Error(got)
	}
	resp, err := http.Get(web.URL + "/events/news")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusServiceUnavailable {
		t.Error(resp.Status)
	}
}

// A text stays within the data of its event, whatever ends its lines. The stream
// is read as the format says: a line ends at \r\n, \n or \r.
func TestTextsWriteNoFields(t *testing.T) {
	for text, want := range map[string][]string{
		"one":                       {"one"},
		"one\ntwo":                  {"one", "two"},
		"one\r\ntwo":                {"one", "two"},
		"one\revent: end":           {"one", "event: end"},
		"one\r\rid: 7\r\n\ndata: x": {"one", "", "id: 7", "", "data: x"},
		"one\n\rretry: 1\r":         {"one", "", "retry: 1", ""},
	} {
		w := httptest.NewRecorder()
		s := stream{w: deadlines{w}, rc: http.NewResponseController(deadlines{w})}
		if err := s.event(text); err != nil {
			t.Fatal(err)
		}
		body, ended := strings.CutSuffix(w.Body.String(), "\n\n")
		var got []string
		for _, line := range regexp.MustCompile("\r\n|\n|\r").Split(body, -1) {
			data, ok := strings.CutPrefix(line, "data: ")
			if !ok {
				t.Errorf("%q writes the line %q", text, line)
			}
			got = append(got, data)
		}
		if !ended || !slices.Equal(got, want) {
			t.Errorf("%q arrives as %q", text, got)
		}
	}
}

// deadlines is a recorder that a deadline can be set for.
type deadlines struct{ *httptest.ResponseRecorder }

func (deadlines) SetWriteDeadline(time.Time) error { return nil }
