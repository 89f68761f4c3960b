package rediscope_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/redistest"
)

type reply string

func (e reply) Error() string { return string(e) }
func (reply) RedisError()     {}

func TestTransient(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{redis.Nil, false},
		{redis.ErrClosed, false},
		{redis.ErrPoolTimeout, false},
		{errors.New("own"), false},
		{context.Canceled, false},
		{fmt.Errorf("x: %w", context.DeadlineExceeded), false},
		{reply("WRONGTYPE Operation against a key holding the wrong kind of value"), false},
		{reply("NOAUTH Authentication required."), false},
		{reply("OOM command not allowed"), false},
		{&tls.CertificateVerificationError{Err: errors.New("x")}, false},
		{io.EOF, true},
		{io.ErrUnexpectedEOF, true},
		{&net.OpError{Op: "dial", Err: errors.New("refused")}, true},
		{fmt.Errorf("x: %w", &net.OpError{Op: "read", Err: errors.New("reset")}), true},
		{reply("LOADING Redis is loading the dataset in memory"), true},
		{reply("MASTERDOWN Link with MASTER is down"), true},
		{reply("READONLY You can't write against a read only replica."), true},
		{reply("CLUSTERDOWN The cluster is down"), true},
		{reply("TRYAGAIN Multiple keys request during rehashing of slot"), true},
		{reply("NOREPLICAS Not enough good replicas to write."), true},
		{reply("ERR max number of clients reached"), true},
		{reply("EXECABORT Transaction discarded because of previous errors."), true},
		{redis.TxFailedErr, false},
	} {
		if got := rediscope.Transient(c.err); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}

// A server that is away for a moment is waited for.
func TestRetryUntilUp(t *testing.T) {
	s := redistest.Start(t)
	s.Kill()
	up := make(chan struct{})
	go func() {
		defer close(up)
		time.Sleep(150 * time.Millisecond)
		s.Restart()
	}()
	var log lines
	var tries []int
	err := rediscope.WithRedisRetry(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
		return rdb.Incr(ctx, "n").Err()
	}, rediscope.URL(s.URL()), rediscope.Attempts(50, 20*time.Millisecond), log.option(),
		rediscope.Trace(func(ctx context.Context, i rediscope.Info) (context.Context, func(error)) {
			tries = append(tries, i.Attempt)
			return ctx, func(error) {}
		}))
	<-up
	if err != nil || s.Do("GET", "n") != "1" {
		t.Errorf("%v, n is %s", err, s.Do("GET", "n"))
	}
	if len(tries) < 2 || tries[0] != 1 || tries[1] != 2 || strings.Count(log.messages(), "WARN redis: trying again") != len(tries)-1 {
		t.Errorf("tries %v\n%s", tries, log.String())
	}
	s.WaitClients(0)
}

func TestRetryGivesUp(t *testing.T) {
	get := func(ctx context.Context, rdb *redis.Client) error { return rdb.Get(ctx, "k").Err() }
	away := rediscope.URL("redis://127.0.0.1:1")

	err := rediscope.WithRedisRetry(t.Context(), get, away, rediscope.Attempts(3, time.Millisecond), quiet())
	if err == nil || err.Error() != "after 3 attempts: dial tcp 127.0.0.1:1: connect: connection refused" {
		t.Error(err)
	}
	// A single try is as WithRedis.
	err = rediscope.WithRedisRetry(t.Context(), get, away, rediscope.Attempts(1, 0), quiet())
	if err == nil || err.Error() != "dial tcp 127.0.0.1:1: connect: connection refused" {
		t.Error(err)
	}
	// It waits neither beyond a deadline nor beyond a cancellation.
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	err = rediscope.WithRedisRetry(ctx, get, away, rediscope.Attempts(1000, time.Hour), quiet())
	within(t, "a wait that would be too long", start, 0, slack)
	if err == nil || !strings.Contains(err.Error(), "refused") {
		t.Error(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, stop)
	start = time.Now()
	err = rediscope.WithRedisRetry(ctx, get, away, rediscope.Attempts(1000, time.Hour), quiet())
	within(t, "a wait", start, 40*time.Millisecond, slack)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "refused") {
		t.Error(err)
	}
	// Answers are not repeated.
	calls := 0
	err = rediscope.WithRedisRetry(t.Context(), func(context.Context, *redis.Client) error { calls++; return redis.Nil }, away)
	if err != redis.Nil || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
	if err := rediscope.WithRedisRetry(t.Context(), get, rediscope.URL("no")); err == nil {
		t.Error("a bad URL was accepted")
	}
}

// Refusals are repeated, since a refused command has not run, but not if another
// command of the callback has.
func TestRetryRefusal(t *testing.T) {
	s := redistest.Start(t)
	s.Do("CONFIG", "SET", "min-replicas-to-write", "1") // every write is refused with NOREPLICAS
	opts := []rediscope.Option{rediscope.URL(s.URL()), rediscope.Attempts(4, time.Millisecond), quiet()}

	for name, c := range map[string]struct {
		fn   func(context.Context, *redis.Client) error
		want int
	}{
		"refused": {func(ctx context.Context, rdb *redis.Client) error { return rdb.Incr(ctx, "n").Err() }, 4},
		"refused pipeline": {func(ctx context.Context, rdb *redis.Client) error {
			_, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error { p.Incr(ctx, "n"); p.Incr(ctx, "n"); return nil })
			return err
		}, 4},
		"refused transaction": {func(ctx context.Context, rdb *redis.Client) error {
			_, err := rdb.TxPipelined(ctx, func(p redis.Pipeliner) error { p.Incr(ctx, "n"); p.Incr(ctx, "n"); return nil })
			return err
		}, 4},
		"run before": {func(ctx context.Context, rdb *redis.Client) error {
			if err := rdb.Publish(ctx, "c", "m").Err(); err != nil {
				return err
			}
			return rdb.Incr(ctx, "n").Err()
		}, 1},
		"run in the pipeline": {func(ctx context.Context, rdb *redis.Client) error {
			_, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error { p.Publish(ctx, "c", "m"); p.Incr(ctx, "n"); return nil })
			return err
		}, 1},
	} {
		calls := 0
		err := rediscope.WithRedisRetry(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
			calls++
			return c.fn(ctx, rdb)
		}, opts...)
		if !redis.IsNoReplicasError(err) && !redis.IsExecAbortError(err) || calls != c.want {
			t.Errorf("%s: %d calls, want %d; %v", name, calls, c.want, err)
		}
	}
}

// A server that is full says so to the greeting, and is asked again.
func TestRetryMaxClients(t *testing.T) {
	s := redistest.Start(t, "--maxclients", "2")
	a, b := s.Dial(), s.Dial()
	defer a.Close()
	ping := func(ctx context.Context, rdb *redis.Client) error { return rdb.Ping(ctx).Err() }
	opts := []rediscope.Option{rediscope.URL(s.URL()), rediscope.Attempts(50, 20*time.Millisecond), quiet()}
	err := rediscope.WithRedis(t.Context(), ping, opts...)
	if !redis.IsMaxClientsError(err) && !rediscope.Transient(err) {
		t.Errorf("full: %v", err)
	}
	time.AfterFunc(100*time.Millisecond, func() { _ = b.Close() })
	if err := rediscope.WithRedisRetry(t.Context(), ping, opts...); err != nil {
		t.Error(err)
	}
}

// Whatever cuts the connection, wherever: what the server has counted is never
// more than once for each call, and once for each call that succeeded.
func TestRetryNeverRepeats(t *testing.T) {
	s := redistest.Start(t)
	calls := heavy(400, 20_000)
	for _, way := range []string{"command", "pipeline", "transaction", "two commands", "shared", "careless"} {
		t.Run(way, func(t *testing.T) {
			p := redistest.NewProxy(t, s.Addr)
			opts := []rediscope.Option{rediscope.URL(p.URL()), quiet()}
			if way == "shared" {
				shared, err := rediscope.Open(opts...)
				if err != nil {
					t.Fatal(err)
				}
				defer shared.Close()
				opts = []rediscope.Option{shared}
			}
			opts = append(opts, rediscope.Attempts(4, time.Millisecond))
			if way == "careless" { // to show that the counting finds what it looks for
				opts = append(opts, rediscope.RetryIf(rediscope.Transient))
			}
			random := rand.New(rand.NewPCG(1, 2))
			succeeded, repeated, failed, twice := 0, 0, 0, 0
			for i := range calls {
				// A call is about 30 bytes of greeting, 200 of its answer, and as many.
				p.CutAfter(random.IntN(450))
				n, tries := "n:"+way+":"+strconv.Itoa(i), 0
				err := rediscope.WithRedisRetry(t.Context(), func(ctx context.Context, rdb *redis.Client) error {
					tries++
					switch way {
					case "pipeline":
						_, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error { p.Incr(ctx, n); p.Get(ctx, n); return nil })
						return err
					case "transaction":
						return rdb.Watch(ctx, func(tx *redis.Tx) error {
							_, err := tx.TxPipelined(ctx, func(p redis.Pipeliner) error { p.Incr(ctx, n); return nil })
							return err
						}, n)
					case "two commands":
						if err := rdb.Incr(ctx, n).Err(); err != nil {
							return err
						}
						return rdb.Get(ctx, n).Err()
					}
					return rdb.Incr(ctx, n).Err()
				}, opts...)
				if err == nil {
					succeeded++
				} else if !rediscope.Transient(err) {
					t.Errorf("call %d: %v", i, err)
				} else {
					failed++
				}
				if tries > 1 {
					repeated++
				}
				got := s.Do("GET", n)
				if way == "careless" {
					if got != "1" && got != "<nil>" {
						twice++
					}
				} else if got != "1" && (err == nil || got != "<nil>") {
					t.Fatalf("call %d was carried out %s times after %d tries: %v", i, got, tries, err)
				}
			}
			t.Logf("%d calls: %d succeeded, %d of all after a repetition, %d failed, %d were carried out twice",
				calls, succeeded, repeated, failed, twice)
			if repeated < calls/50 || succeeded < calls/10 || (way == "careless") != (twice > 0) || way != "careless" && failed < calls/50 {
				t.Error("too few of a kind to show anything")
			}
		})
	}
	s.WaitClients(0)
}

// RetryIf takes the caution away, where the callback may run twice.
func TestRetryIf(t *testing.T) {
	s := redistest.Start(t)
	p := redistest.NewProxy(t, s.Addr)
	opts := []rediscope.Option{rediscope.URL(p.URL()), rediscope.Attempts(3, time.Millisecond), quiet()}
	calls := 0
	cutting := func(ctx context.Context, rdb *redis.Client) error {
		if calls++; calls == 1 {
			if err := rdb.Ping(ctx).Err(); err != nil {
				return err
			}
			p.Cut()
			time.Sleep(20 * time.Millisecond)
			p.CutAfter(5) // the command is cut as well, since the client notices the cut before it
		}
		return rdb.Incr(ctx, "n").Err()
	}
	if err := rediscope.WithRedisRetry(t.Context(), cutting, opts...); !rediscope.Transient(err) || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
	p.CutAfter(-1)
	calls = 0
	if err := rediscope.WithRedisRetry(t.Context(), cutting, append(opts, rediscope.RetryIf(rediscope.Transient))...); err != nil || calls != 2 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

// The fallback decides, and hears why.
func TestFallback(t *testing.T) {
	s := redistest.Start(t)
	var log lines
	own := errors.New("own")
	get := func(ctx context.Context, rdb *redis.Client) (int, error) { return rdb.Get(ctx, "k").Int() }
	var cause error
	open := func(_ context.Context, err error) (int, error) { cause = err; return 7, nil }
	closed := func(_ context.Context, err error) (int, error) { return 0, err }

	if v, err := rediscope.WithRedisFallback(t.Context(), get, open, rediscope.URL(s.URL()), log.option()); v != 7 || err != nil || cause != redis.Nil {
		t.Errorf("a miss: %d, %v, because %v", v, err, cause)
	}
	if strings.Contains(log.String(), "falling back") {
		t.Errorf("a miss is no reason to warn:\n%s", log.String())
	}
	s.Do("SET", "k", "5")
	if v, err := rediscope.WithRedisFallback(t.Context(), get, open, rediscope.URL(s.URL())); v != 5 || err != nil {
		t.Errorf("a hit: %d, %v", v, err)
	}
	s.Kill()
	if v, err := rediscope.WithRedisFallback(t.Context(), get, open, rediscope.URL(s.URL()), log.option()); v != 7 || err != nil || !rediscope.Transient(cause) {
		t.Errorf("open: %d, %v, because %v", v, err, cause)
	}
	if n := strings.Count(log.messages(), "WARN redis: falling back"); n != 1 {
		t.Errorf("%d lines:\n%s", n, log.String())
	}
	if v, err := rediscope.WithRedisFallback(t.Context(), get, closed, rediscope.URL(s.URL()), quiet()); v != 0 || !rediscope.Transient(err) {
		t.Errorf("closed: %d, %v", v, err)
	}
	if v, err := rediscope.WithRedisFallback(t.Context(), func(context.Context, *redis.Client) (int, error) { return 0, own }, open,
		rediscope.URL(s.URL()), quiet()); v != 7 || err != nil || cause != own {
		t.Errorf("own: %d, %v, because %v", v, err, cause)
	}
	if v, err := rediscope.WithRedisFallback(t.Context(), get, open, rediscope.URL("no")); v != 7 || err != nil || cause == nil {
		t.Errorf("a bad URL: %d, %v, because %v", v, err, cause)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if v, err := rediscope.WithRedisFallback(ctx, get, open, rediscope.URL(s.URL()), quiet()); v != 7 || err != nil || cause != context.Canceled {
		t.Errorf("cancelled: %d, %v, because %v", v, err, cause)
	}
}
