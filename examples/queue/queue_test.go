package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/examples/internal/server"
	"github.com/redislint/redislint/rediscope"
)

const patience = time.Second / 2

func ask(t *testing.T, method, url, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	var v map[string]any
	_ = json.Unmarshal(b, &v) // an error is no JSON
	return resp.StatusCode, v
}

// Many jobs, several workers: each job is done once, and no connection is left.
func TestQueue(t *testing.T) {
	for _, profile := range []string{"serverless", "service"} {
		t.Run(profile, func(t *testing.T) {
			redis, connections := server.Start(t)
			before := runtime.NumGoroutine()
			opts := []rediscope.Option{rediscope.URL(redis)}
			if profile == "service" { // the same code, with one client
				shared, err := rediscope.Open(opts...)
				if err != nil {
					t.Fatal(err)
				}
				defer shared.Close()
				opts = []rediscope.Option{shared}
			}
			var times sync.Map
			w := &worker{queue: queue{opts, patience}, lease: time.Minute, work: func(ctx context.Context, payload string) (string, error) {
				n, _ := times.LoadOrStore(payload, new(atomic.Int64))
				n.(*atomic.Int64).Add(1)
				return shout(ctx, payload)
			}}
			web := httptest.NewServer(w.routes())
			ctx, stop := context.WithCancel(t.Context())
			var workers sync.WaitGroup
			for range 4 {
				workers.Add(1)
				go func() {
					defer workers.Done()
					w.run(ctx)
				}()
			}
			const jobs = 200
			ids := make([]string, jobs)
			var askers sync.WaitGroup
			for a := range 8 {
				askers.Add(1)
				go func() {
					defer askers.Done()
					for i := a; i < jobs; i += 8 {
						payload := fmt.Sprint("job ", i)
						if i == 0 {
							payload = ""
						}
						code, v := ask(t, "POST", web.URL+"/jobs", payload)
						if code != http.StatusAccepted {
							t.Errorf("job %d: %d", i, code)
						}
						ids[i], _ = v["id"].(string)
					}
				}()
			}
			askers.Wait()
			for i, id := range ids {
				var v map[string]any
				for range 500 {
					if _, v = ask(t, "GET", web.URL+"/jobs/"+id, ""); v["state"] == "done" || v["state"] == "failed" {
						break
					}
					time.Sleep(10 * time.Millisecond)
				}
				switch {
				case i == 0 && (v["state"] != "failed" || v["result"] != "nothing to shout"):
					t.Errorf("the bad job: %v", v)
				case i > 0 && (v["state"] != "done" || v["result"] != fmt.Sprint("JOB ", i)):
					t.Errorf("job %d: %v", i, v)
				}
			}
			times.Range(func(payload, n any) bool {
				if n := n.(*atomic.Int64).Load(); n != 1 {
					t.Errorf("%q was done %d times", payload, n)
				}
				return true
			})
			stop()
			workers.Wait()
			if code, _ := ask(t, "GET", web.URL+"/jobs/none", ""); code != http.StatusNotFound {
				t.Errorf("a job that is not: %d", code)
			}
			web.Close()
			if profile == "service" {
				_ = opts[0].(*rediscope.Shared).Close()
			}
			if n := connections(0); n != 0 {
				t.Errorf("%d connections are left", n)
			}
			http.DefaultClient.CloseIdleConnections()
			for range 250 {
				if runtime.NumGoroutine() <= before {
					return
				}
				time.Sleep(20 * time.Millisecond)
			}
			t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		})
	}
}

// A job whose worker has died is done by another.
func TestReclaim(t *testing.T) {
	redis, connections := server.Start(t)
	w := &worker{queue: queue{[]rediscope.Option{rediscope.URL(redis)}, patience}, lease: 0, work: shout}
	id, err := w.queue.add(t.Context(), "lost")
	if err != nil {
		t.Fatal(err)
	}
	if taken, err := w.queue.take(t.Context()); err != nil || taken != (task{id, "lost"}) {
		t.Fatalf("%v, %v", taken, err) // and nothing more is heard of the worker
	}
	if n, err := w.queue.reclaim(t.Context(), time.Hour); n != 0 || err != nil {
		t.Errorf("%d were reclaimed too early, %v", n, err)
	}
	web := httptest.NewServer(w.routes())
	defer web.Close()
	if code, v := ask(t, "POST", web.URL+"/work", ""); code != http.StatusOK || v["done"] != 1.0 || v["reclaimed"] != 1.0 {
		t.Errorf("%d, %v", code, v)
	}
	if s, err := w.queue.status(t.Context(), id); err != nil || s != (status{"done", "LOST"}) {
		t.Errorf("%v, %v", s, err)
	}
	if n := connections(0); n != 0 {
		t.Errorf("%d connections are left", n)
	}
}

// A worker that is told to stop leaves neither a job nor a connection behind.
func TestStop(t *testing.T) {
	url, connections := server.Start(t)
	started := make(chan struct{})
	w := &worker{queue: queue{[]rediscope.Option{rediscope.URL(url)}, patience}, lease: time.Minute, work: func(ctx context.Context, _ string) (string, error) {
		close(started)
		if n := connections(0); n != 0 {
			t.Errorf("%d connections are open during the work", n)
		}
		<-ctx.Done()
		return "", context.Cause(ctx)
	}}
	id, err := w.queue.add(t.Context(), "long")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	go func() { <-started; stop() }()
	if got, err := w.next(ctx); got != id || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	if s, err := w.queue.status(t.Context(), id); err != nil || s != (status{"failed", "context canceled"}) {
		t.Errorf("%v, %v", s, err)
	}

	// One that waits for a job stops at once.
	ctx, stop = context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, stop)
	start := time.Now()
	if _, err := w.next(ctx); !errors.Is(err, context.Canceled) || time.Since(start) > 5*time.Second {
		t.Errorf("after %v: %v", time.Since(start), err)
	}
	if n := connections(0); n != 0 {
		t.Errorf("%d connections are left", n)
	}
	if _, err := w.next(t.Context()); !errors.Is(err, redis.Nil) {
		t.Errorf("no job: %v", err)
	}
}

func TestRedisAway(t *testing.T) {
	opts := []rediscope.Option{rediscope.URL("redis://127.0.0.1:1"), rediscope.Attempts(2, time.Millisecond)}
	w := &worker{queue: queue{opts, patience}, work: shout}
	web := httptest.NewServer(w.routes())
	defer web.Close()
	if code, _ := ask(t, "POST", web.URL+"/jobs", "x"); code != http.StatusServiceUnavailable {
		t.Errorf("POST /jobs: %d", code)
	}
	if code, _ := ask(t, "POST", web.URL+"/work", ""); code != http.StatusServiceUnavailable {
		t.Errorf("POST /work: %d", code)
	}
	if code, v := ask(t, "GET", web.URL+"/jobs/x", ""); code != http.StatusOK || v["state"] != "unknown" {
		t.Errorf("GET /jobs/x: %d, %v", code, v)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	w.run(ctx)
}
