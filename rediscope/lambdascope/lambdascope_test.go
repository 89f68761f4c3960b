package lambdascope_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
	"github.com/redislint/redislint/rediscope/lambdascope"
)

type event struct{ Times int }

var quiet = rediscope.Logger(slog.New(slog.DiscardHandler))

// count counts as often as an event says, each time in a scope, as the functions
// that a handler calls do.
func count(ctx context.Context, e event) (n int64, err error) {
	for range e.Times {
		if n, err = rediscope.Value(ctx, func(ctx context.Context, rdb *redis.Client) (int64, error) {
			return rdb.Incr(ctx, "n").Result()
		}, quiet); err != nil {
			return n, err
		}
	}
	if e.Times == 13 {
		panic("own")
	}
	return n, nil
}

func TestInvocations(t *testing.T) {
	s := redistest.Start(t)
	t.Setenv("REDIS_URL", s.URL())
	for name, h := range map[string]lambda.Handler{
		"func":    lambda.NewHandler(lambdascope.Func(count, quiet)),
		"handler": lambdascope.Handler(lambda.NewHandler(count), quiet),
	} {
		s.Do("DEL", "n")
		for _, c := range []struct{ payload, want, conns string }{
			{`{"Times": 3}`, "3", "one"}, {`{"Times": 4}`, "7", "one"}, {`{}`, "0", "none"},
		} {
			before := s.Stat("total_connections_received")
			out, err := h.Invoke(t.Context(), []byte(c.payload))
			n := map[int]string{0: "none", 1: "one"}[s.Stat("total_connections_received")-before-1]
			if string(out) != c.want || err != nil || n != c.conns {
				t.Errorf("%s %s: %s, %v, %s connections", name, c.payload, out, err, n)
			}
			s.WaitClients(0)
		}
		func() { // lambda recovers from it only when it runs the handler itself
			defer func() { _ = recover() }()
			_, _ = h.Invoke(t.Context(), []byte(`{"Times": 13}`))
		}()
		s.WaitClients(0)
	}
	// The deadline of the invocation cuts what waits.
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := lambdascope.Func(func(ctx context.Context, _ event) (string, error) {
		return rediscope.Value(ctx, func(_ context.Context, rdb *redis.Client) (string, error) {
			return "", rdb.BLPop(context.Background(), 0, "none").Err()
		}, quiet)
	}, quiet)(ctx, event{})
	if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took > 5*time.Second {
		t.Errorf("%v after %v", err, took)
	}
	s.WaitClients(0)
	if _, err := lambdascope.Func(count, nil)(t.Context(), event{1}); err == nil || err.Error() != "rediscope: option 1 is nil" {
		t.Error(err)
	}
}
