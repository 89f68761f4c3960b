// The command sse streams what is published to a Redis channel to browsers, as
// server-sent events.
//
// Such an endpoint is where connections leak first: a reader leaves without a
// word, and the subscription that was opened for him stays. Here it ends with the
// request, because rediscope.Subscribe ends with its context.
//
//	REDIS_URL=redis://localhost:6379 go run ./sse
//	curl -N localhost:8080/events/news
//	curl -d hello localhost:8080/publish/news
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx, "localhost:8080"); err != nil {
		slog.Error(err.Error())
	}
}

// serve serves until ctx ends, and then ends all streams: a server that shuts
// down waits for its requests, and these would never end by themselves.
func serve(ctx context.Context, addr string) error {
	s := &http.Server{
		Addr:              addr,
		Handler:           routes(),
		ReadHeaderTimeout: 5 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		done <- s.Shutdown(grace)
	}()
	if err := s.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-done
}

// routes are the endpoints. Redis is where the options say, or REDIS_URL.
func routes(opts ...rediscope.Option) http.Handler {
	a := &app{opts: append(opts, rediscope.Name("example/sse")), beat: 15 * time.Second}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /events/{topic}", a.events)
	mux.HandleFunc("POST /publish/{topic}", a.publish)
	return mux
}

type app struct {
	opts []rediscope.Option
	beat time.Duration // between the comments that keep a quiet stream open
}

// events streams the messages of a topic until the reader leaves.
func (a *app) events(w http.ResponseWriter, r *http.Request) {
	out := stream{w: w, rc: http.NewResponseController(w)}
	err := rediscope.Subscribe(r.Context(), []string{"topic:" + r.PathValue("topic")},
		func(ctx context.Context, messages <-chan *redis.Message) error {
			if err := out.begin(); err != nil {
				return err
			}
			beat := time.NewTicker(a.beat)
			defer beat.Stop()
			for {
				var err error
				select {
				case m, ok := <-messages:
					if !ok {
						return nil
					}
					err = out.event(m.Payload)
				case <-beat.C:
					err = out.comment("still here")
				}
				if err != nil {
					return err
				}
			}
		}, a.opts...)
	switch {
	case r.Context().Err() != nil: // the reader has left, or the server shuts down
	case !out.begun:
		slog.Warn("no stream", "error", err)
		http.Error(w, "Redis is away, try again later", http.StatusServiceUnavailable)
	default: // the browser connects again by itself
		slog.Warn("a stream was lost", "error", err)
	}
}

// publish sends the body of the request to the readers of a topic.
func (a *app) publish(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<16))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var readers int64
	err = rediscope.WithRedisRetry(r.Context(), func(ctx context.Context, rdb *redis.Client) (err error) {
		readers, err = rdb.Publish(ctx, "topic:"+r.PathValue("topic"), body).Result()
		return err
	}, a.opts...)
	if err != nil {
		slog.Warn("not published", "error", err)
		http.Error(w, "Redis is away, try again later", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, readers, "readers")
}

// A stream writes server-sent events.
type stream struct {
	w     http.ResponseWriter
	rc    *http.ResponseController
	begun bool
}

func (s *stream) begin() error {
	s.begun = true
	s.w.Header().Set("Content-Type", "text/event-stream")
	s.w.Header().Set("Cache-Control", "no-store")
	return s.comment("subscribed")
}

func (s *stream) comment(text string) error { return s.write(": " + text + "\n\n") }

// event sends a text. Each of its lines is a line of data, and the format ends a
// line at \n, at \r and at both together: an end that is missed would let a text
// write fields of its own.
func (s *stream) event(text string) error {
	lines := strings.NewReplacer("\r\n", "\ndata: ", "\r", "\ndata: ", "\n", "\ndata: ")
	return s.write("data: " + lines.Replace(text) + "\n\n")
}

// write sends something now. A reader who stays and does not read would hold the
// connections for ever, so he has ten seconds.
func (s *stream) write(text string) error {
	if err := s.rc.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	if _, err := io.WriteString(s.w, text); err != nil {
		return err
	}
	return s.rc.Flush()
}
