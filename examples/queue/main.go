// The command queue takes jobs over HTTP and works on them, with its queue in
// Redis. On a serverless platform the endpoints are functions, and a schedule
// calls POST /work; elsewhere -worker works all the time.
//
//	REDIS_URL=redis://localhost:6379 go run ./queue -worker
//	curl -d 'a job' localhost:8080/jobs
//	curl localhost:8080/jobs/NUMBER
package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/redislint/redislint/rediscope"
)

func main() {
	works := flag.Bool("worker", false, "work on jobs as well")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	w := &worker{
		queue: queue{[]rediscope.Option{rediscope.Name("example/queue")}, 2 * time.Second},
		work:  shout,
		lease: time.Minute,
	}
	if *works {
		go w.run(ctx)
	}
	s := &http.Server{Addr: "localhost:8080", Handler: w.routes(), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = s.Close()
	}()
	if err := s.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		slog.Error(err.Error())
	}
}

// shout is the work.
func shout(_ context.Context, payload string) (string, error) {
	if payload == "" {
		return "", errors.New("nothing to shout")
	}
	return strings.ToUpper(payload), nil
}
