package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
)

// A worker works on the jobs of a queue.
type worker struct {
	queue queue
	work  func(ctx context.Context, payload string) (result string, err error)
	lease time.Duration // a job may take so long
}

// run works until ctx ends.
func (w *worker) run(ctx context.Context) {
	for ctx.Err() == nil {
		_, err := w.next(ctx)
		if err == nil || errors.Is(err, redis.Nil) || ctx.Err() != nil {
			continue
		}
		slog.Warn("a worker waits for Redis", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// next works on one job and returns its number, or redis.Nil if there is none.
// No connection is open while it works. An end of ctx ends the work; that it has
// failed is written down nevertheless.
func (w *worker) next(ctx context.Context) (id string, err error) {
	t, err := w.queue.take(ctx)
	if err != nil {
		return "", err
	}
	state := "done"
	worked, cancel := context.WithTimeout(ctx, w.lease)
	defer cancel()
	result, err := w.work(worked, t.Payload)
	if err != nil {
		state, result = "failed", err.Error()
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return t.ID, w.queue.finish(last, t.ID, state, result)
}

// routes are the endpoints.
func (w *worker) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /jobs", w.add)
	mux.HandleFunc("GET /jobs/{id}", w.status)
	mux.HandleFunc("POST /work", w.once)
	return mux
}

func (w *worker) add(rw http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, 1<<16))
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	id, err := w.queue.add(r.Context(), string(payload))
	if err != nil {
		unavailable(rw, err)
		return
	}
	answer(rw, http.StatusAccepted, map[string]string{"id": id})
}

func (w *worker) status(rw http.ResponseWriter, r *http.Request) {
	s, err := w.queue.status(r.Context(), r.PathValue("id"))
	if err != nil {
		http.Error(rw, err.Error(), http.StatusNotFound)
		return
	}
	answer(rw, http.StatusOK, s)
}

// once puts back what was lost and works until no job is waiting, or for as long
// as a serverless function may.
func (w *worker) once(rw http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 20*time.Second)
	defer cancel()
	back, err := w.queue.reclaim(ctx, 2*w.lease)
	done := 0
	for err == nil && ctx.Err() == nil {
		if _, err = w.next(ctx); err == nil {
			done++
		}
	}
	if err != nil && !errors.Is(err, redis.Nil) && ctx.Err() == nil {
		unavailable(rw, err)
		return
	}
	answer(rw, http.StatusOK, map[string]int{"done": done, "reclaimed": back})
}

func answer(rw http.ResponseWriter, code int, v any) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(code)
	if err := json.NewEncoder(rw).Encode(v); err != nil {
		slog.Debug("the asker has left", "error", err)
	}
}

func unavailable(rw http.ResponseWriter, err error) {
	slog.Warn("the queue is away", "error", err)
	rw.Header().Set("Retry-After", "5")
	http.Error(rw, "the queue is away, try again later", http.StatusServiceUnavailable)
}
