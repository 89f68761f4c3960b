// Command web is an ordinary service: it shares a client, and closes it.
package main

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

type server struct{ rdb *redis.Client }

func (s *server) visits(w http.ResponseWriter, r *http.Request) {
	n, err := s.rdb.Incr(r.Context(), "visits").Result()
	if err != nil {
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	log.Println("visit", n)
	w.WriteHeader(http.StatusNoContent)
}

func (s *server) healthy(w http.ResponseWriter, r *http.Request) {
	if err := s.rdb.Ping(r.Context()).Err(); err != nil {
		http.Error(w, "no redis", http.StatusServiceUnavailable)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	rdb := redis.NewClient(&redis.Options{Addr: "cache:6379"})
	defer rdb.Close()
	if err := rdb.Ping(ctx).Err(); err != nil {
		return err
	}
	s := &server{rdb}
	mux := http.NewServeMux()
	mux.HandleFunc("/visits", s.visits)
	mux.HandleFunc("/healthz", s.healthy)
	srv := &http.Server{Addr: ":8080", Handler: mux, ReadHeaderTimeout: time.Second}
	go func() {
		<-ctx.Done()
		done, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		if err := srv.Shutdown(done); err != nil {
			log.Println(err)
		}
	}()
	if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
