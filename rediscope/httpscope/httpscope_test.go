package httpscope_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/httpscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
)

func TestHandler(t *testing.T) {
	s := redistest.Start(t)
	t.Setenv("REDIS_URL", s.URL())
	quiet := rediscope.Logger(slog.New(slog.DiscardHandler))
	incr := func(ctx context.Context, rdb *redis.Client) error { return rdb.Incr(ctx, "n").Err() }
	waits, gone := make(chan bool, 1), make(chan error, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("/four", func(w http.ResponseWriter, r *http.Request) {
		for range 4 {
			if err := rediscope.WithRedis(r.Context(), incr, quiet); err != nil {
				t.Error(err)
			}
		}
		_, _ = io.WriteString(w, "done")
	})
	mux.HandleFunc("/panic", func(w http.ResponseWriter, r *http.Request) {
		_ = rediscope.WithRedis(r.Context(), incr, quiet)
		panic(http.ErrAbortHandler)
	})
	mux.HandleFunc("/wait", func(w http.ResponseWriter, r *http.Request) {
		gone <- rediscope.WithRedis(r.Context(), func(ctx context.Context, rdb *redis.Client) error {
			waits <- true
			return rdb.BLPop(context.Background(), 0, "none").Err() // the context is forgotten
		}, quiet)
	})
	web := httptest.NewServer(httpscope.Handler(mux, rediscope.Name("web"), quiet))
	defer web.Close()

	before := s.Stat("total_connections_received")
	resp, err := http.Get(web.URL + "/four")
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if n := s.Stat("total_connections_received") - before - 1; n != 1 || string(body) != "done" || s.Do("GET", "n") != "4" {
		t.Errorf("%d connections for a request, %q", n, body)
	}
	s.WaitClients(0)

	if resp, err := http.Get(web.URL + "/panic"); err == nil {
		resp.Body.Close()
		t.Error("a handler that panics answers", resp.Status)
	}
	s.WaitClients(0)

	// The reader leaves while the handler waits.
	ctx, cancel := context.WithCancel(t.Context())
	req, _ := http.NewRequestWithContext(ctx, "GET", web.URL+"/wait", nil)
	go func() { <-waits; time.Sleep(20 * time.Millisecond); cancel() }()
	if resp, err := http.DefaultClient.Do(req); err == nil {
		resp.Body.Close()
	}
	select {
	case err := <-gone:
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the handler waits on")
	}
	s.WaitClients(0)
}

func TestBadOptions(t *testing.T) {
	var log strings.Builder
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	w := httptest.NewRecorder()
	httpscope.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("called") }), rediscope.URL("redis://:secret@h:x")).
		ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 500 || strings.Contains(w.Body.String(), "redis") || !strings.Contains(log.String(), "bad URL") || strings.Contains(log.String(), "secret") {
		t.Errorf("%d %q, log:\n%s", w.Code, w.Body, log.String())
	}
}
