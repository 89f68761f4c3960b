package rediscope

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
)

// WithRedis opens a client, calls fn with it and closes it, also when fn
// panics or ends the goroutine. The client connects with its first command. It
// is fn's to use and not to keep: afterwards all that fn has made from it
// answers redis.ErrClosed.
//
// The context given to fn ends with ctx. When ctx ends, the connections are cut,
// so that no command waits longer, and later commands with a context of their
// own (see context.WithoutCancel) get a new connection. Fn is called even if ctx
// has ended before, so that what it does besides and what it makes of errors
// holds always; its commands then fail, and nothing is opened for them.
//
// WithRedis returns the error of fn as it is, redis.Nil too. If a connection was
// cut or timed out because ctx ended, the cause of that is in the error as well.
// If closing fails, its error is joined to that of fn, or returned alone.
func WithRedis(ctx context.Context, fn func(context.Context, *redis.Client) error, opts ...Option) error {
	c, err := configure(opts)
	if err != nil {
		return err
	}
	r := c.begin(1)
	return r.result(r.one(ctx, fn))
}

// WithRedisRetry does as WithRedis, and again, with a new client, while Redis
// cannot be reached or refuses for the moment: see Transient. It never repeats
// what may have run: once a command of fn has been answered, or sent and not
// answered, the error is returned. (On a Shared that holds for commands whose
// context comes from the one given to fn.)
//
// How often and how long it tries say the options Attempts and RetryIf, and it
// waits no longer than ctx lasts. The error is the last one of fn.
func WithRedisRetry(ctx context.Context, fn func(context.Context, *redis.Client) error, opts ...Option) error {
	c, err := configure(opts)
	if err != nil {
		return err
	}
	return c.retry(ctx, func(r *run) error { return r.one(ctx, fn) })
}

// Value does as WithRedis with a function that yields a value, and returns that:
//
//	n, err := rediscope.Value(ctx, func(ctx context.Context, rdb *redis.Client) (int64, error) {
//		return rdb.Incr(ctx, "visits").Result()
//	})
//
// What fn returns beside an error is returned with it, and so is its value if only
// closing has failed.
func Value[T any](ctx context.Context, fn func(context.Context, *redis.Client) (T, error), opts ...Option) (v T, err error) {
	err = WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) (err error) {
		v, err = fn(ctx, rdb)
		return err
	}, opts...)
	return v, err
}

// WithRedisFallback does as WithRedis with a function that yields a value, and
// calls fallback if fn fails: with the error of fn, or that of the options, as
// the cause. What fallback returns is the result. To return a value means to go
// on without Redis; to return cause means not to.
//
// redis.Nil is a cause as any other, and not logged. An error on closing is only
// logged. The context that fallback gets is ctx, which may have ended.
//
// It is for caches. Locks, sessions, rate limits and idempotency keys must not
// be made up when Redis does not answer.
func WithRedisFallback[T any](ctx context.Context, fn func(context.Context, *redis.Client) (T, error),
	fallback func(ctx context.Context, cause error) (T, error), opts ...Option) (T, error) {
	c, err := configure(opts)
	if err != nil {
		return fallback(ctx, err)
	}
	var v T
	err = c.begin(1).one(ctx, func(ctx context.Context, rdb *redis.Client) (err error) {
		v, err = fn(ctx, rdb)
		return err
	})
	if err == nil {
		return v, nil
	}
	c.fallingBack(ctx, err)
	return fallback(ctx, err)
}

func (c *config) fallingBack(ctx context.Context, err error) {
	if !errors.Is(err, redis.Nil) {
		c.log.LogAttrs(ctx, slog.LevelWarn, "redis: falling back", slog.String("addr", c.addr()), slog.Any("error", err))
	}
}

// A run is one call of a callback, and the life of the client that it is lent.
type run struct {
	*config
	attempt
	try      int
	within   *invocation
	dial     *dialing
	uncut    func() bool // lets the connections outlive the context
	start    time.Time
	end      func(error) // of Trace, or nil
	returned bool        // the callback has, it has neither panicked nor ended the goroutine
	closeErr error
}

func (c *config) begin(try int) *run {
	return &run{config: c, try: try, start: time.Now()}
}

// one lends the client of one server, and returns the error of fn alone.
func (r *run) one(ctx context.Context, fn func(context.Context, *redis.Client) error) (err error) {
	if l := r.lender(ctx); l != nil {
		return r.lend(ctx, l, func(ctx context.Context, rdb redis.UniversalClient) error {
			client, err := ofOne(rdb)
			if err != nil {
				return err
			}
			return fn(ctx, client)
		})
	}
	rdb := r.open()
	defer func() { err = r.leave(ctx, rdb, err) }()
	ctx = r.enter(ctx)
	client, err := ofOne(rdb)
	if err != nil {
		return err
	}
	if err := r.prepare(rdb, r.dial); err != nil {
		return err
	}
	err = fn(ctx, client)
	r.returned = true
	return err
}

// ofOne is a client as one of a single server.
func ofOne(rdb redis.UniversalClient) (*redis.Client, error) {
	if client, ok := rdb.(*redis.Client); ok {
		return client, nil
	}
	return nil, fmt.Errorf("rediscope: the options make a %T, which WithUniversal lends", rdb)
}

// any lends any client, and returns the error of fn alone.
func (r *run) any(ctx context.Context, fn func(context.Context, redis.UniversalClient) error) (err error) {
	if l := r.lender(ctx); l != nil {
		return r.lend(ctx, l, fn)
	}
	rdb := r.open()
	defer func() { err = r.leave(ctx, rdb, err) }()
	ctx = r.enter(ctx)
	if err := r.prepare(rdb, r.dial); err != nil {
		return err
	}
	err = fn(ctx, rdb)
	r.returned = true
	return err
}

// A lender lends a client to a run: a Shared or an invocation.
type lender interface {
	lend(ctx context.Context, r *run, fn func(context.Context, redis.UniversalClient) error) error
}

// lender is who has a client to lend, or nil.
func (r *run) lender(ctx context.Context) lender {
	if r.shared != nil {
		return r.shared
	}
	if r.within = r.invocation(ctx); r.within != nil {
		return r.within
	}
	return nil
}

// lend lends the client of another.
func (r *run) lend(ctx context.Context, l lender, fn func(context.Context, redis.UniversalClient) error) (err error) {
	ctx = r.traced(context.WithValue(ctx, attemptKey{}, &r.attempt))
	defer func() {
		err = explain(ctx, err)
		r.over(err)
	}()
	err = l.lend(ctx, r, fn)
	r.returned = true
	return err
}

// open makes a client that has no connection yet.
func (r *run) open() redis.UniversalClient {
	r.dial = newDialing(r.config)
	r.dial.attempt.Store(&r.attempt)
	rdb := r.client(r.dial)
	r.hook(rdb, r.dial)
	return rdb
}

func (c *config) client(d *dialing) redis.UniversalClient {
	switch {
	case c.ring != nil:
		return redis.NewRing(c.shards(d))
	case c.universal != nil && c.universal.MasterName != "":
		return c.byName(d)
	case c.universal != nil:
		return redis.NewUniversalClient(c.several(d))
	default:
		return redis.NewClient(c.simple(d))
	}
}

// hook puts the hooks on a client that come before those of Setup.
func (c *config) hook(rdb redis.UniversalClient, d *dialing) {
	rdb.AddHook(&hook{level: single, name: c.name, addr: c.addr(), dial: d})
	if many, ok := rdb.(*redis.ClusterClient); ok {
		many.OnNewNode(func(rdb *redis.Client) { c.hookNode(rdb, d) })
	}
}

func (c *config) hookNode(rdb *redis.Client, d *dialing) {
	rdb.AddHook(&hook{level: node, name: c.name, addr: rdb.Options().Addr, dial: d})
}

// prepare calls what Setup gives, and puts the hook on that comes after theirs.
func (c *config) prepare(rdb redis.UniversalClient, d *dialing) error {
	for _, s := range c.setup {
		if err := s.f(rdb); err != nil {
			return fmt.Errorf("rediscope: setup: %w", err)
		}
	}
	rdb.AddHook(innermost{d})
	return nil
}

// enter begins the time in which a client is lent.
func (r *run) enter(ctx context.Context) context.Context {
	r.uncut = r.dial.heed(ctx)
	return r.traced(ctx)
}

// leave ends it and closes the client. It returns the callback's error with the
// cause of an interruption in it.
func (r *run) leave(ctx context.Context, rdb redis.UniversalClient, err error) error {
	r.uncut()
	// What is still under way may hold locks that Close waits for.
	opened, cutErr := r.dial.end()
	closeErr := rdb.Close()
	if closeErr == nil || errors.Is(closeErr, redis.ErrClosed) { // the callback may have closed it
		closeErr = cutErr
	}
	err = explain(ctx, err)
	attrs := []slog.Attr{slog.String("addr", r.addr()), slog.Int("connections", opened),
		slog.Duration("duration", time.Since(r.start))}
	if err != nil && !errors.Is(err, redis.Nil) {
		attrs = append(attrs, slog.Any("error", err))
	}
	if closeErr != nil {
		r.closeErr = fmt.Errorf("rediscope: failed to disconnect: %w", closeErr)
		r.log.LogAttrs(ctx, slog.LevelWarn, "redis: failed to disconnect", append(attrs, slog.Any("cause", closeErr))...)
	} else if opened > 0 {
		r.log.LogAttrs(ctx, slog.LevelDebug, "redis: disconnected", attrs...)
	}
	r.over(join(err, r.closeErr))
	return err
}

// traced tells Trace of the beginning, and over of the end.
func (r *run) traced(ctx context.Context) context.Context {
	if r.trace != nil {
		ctx, r.end = r.trace(ctx, Info{Addr: r.addr(), Name: r.name, Attempt: r.try, Shared: r.shared != nil, Invocation: r.within != nil})
	}
	return ctx
}

func (r *run) over(err error) {
	switch {
	case r.end == nil:
	case r.returned || err != nil:
		r.end(err)
	default:
		r.end(errNotReturned)
	}
}

// errNotReturned is what Trace hears of a callback that panics or ends its goroutine.
var errNotReturned = errors.New("rediscope: the callback did not return")

func (r *run) result(err error) error { return join(err, r.closeErr) }

func join(err, closeErr error) error {
	switch {
	case closeErr == nil:
		return err
	case err == nil:
		return closeErr
	}
	return errors.Join(err, closeErr)
}

// An interrupted error is a failure of a connection when its context had ended.
type interrupted struct {
	err   error
	cause []error
}

func (e *interrupted) Error() string   { return fmt.Sprintf("%v: %v", e.cause[0], e.err) }
func (e *interrupted) Unwrap() []error { return append(e.cause[:len(e.cause):len(e.cause)], e.err) }

// explain adds the end of the context to the failure of a connection: go-redis
// says "i/o timeout" at a deadline, and a connection that was cut is "closed".
// Any other error is left as it is.
func explain(ctx context.Context, err error) error {
	err = reveal(err)
	if err == nil || isReply(err) {
		return err
	}
	if n := net.Error(nil); !errors.As(err, &n) && !isContext(err) && !errors.Is(err, net.ErrClosed) && !errors.Is(err, io.EOF) {
		return err
	}
	cause, ended := context.Cause(ctx), ctx.Err()
	if deadline, ok := ctx.Deadline(); ended == nil && ok && !time.Now().Before(deadline) {
		// The connection's timer has run out a little before the context's.
		cause, ended = context.DeadlineExceeded, context.DeadlineExceeded
	}
	if ended == nil || errors.Is(err, cause) && errors.Is(err, ended) {
		return err
	}
	return &interrupted{err, []error{cause, ended}}
}

func isContext(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
