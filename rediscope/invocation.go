package rediscope

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// Invocation calls fn, such as the handler of a request, and has the scopes in it
// use the same connections: a WithRedis, or another function of this package
// except Subscribe, whose context comes from the one given to fn and whose options
// say the same, takes a connection that an earlier one has left, in place of
// opening its own. The first is opened with the first command, and all are closed
// when fn returns, panics or ends its goroutine.
//
//	err := rediscope.Invocation(ctx, func(ctx context.Context) error {
//		if err := allow(ctx, user); err != nil { // has a WithRedis
//			return err
//		}
//		return save(ctx, user) // has another: no further connection, no further greeting
//	})
//
// Options say the same if they lead to the same place (by the same URL, or the
// same *redis.Options) and do not ask for more: a nested scope need not repeat
// Name, Setup or Connections, but if it gives another, it opens a client of its
// own. So does one whose context outlives the invocation, such as that of a
// goroutine, once fn has returned.
//
// Each scope has its client for itself while it lasts, so all that is promised of
// a scope holds for it: when its context ends, its commands are cut, and nobody
// else's. One inside the callback of another uses the client of that, unless their
// contexts end apart from each other. What was cut, or left in use, is closed and
// not used again. Between two scopes the connection is held, and idle: where much
// time passes between them, two scopes of their own are better.
//
// Invocation returns the error of fn. If closing fails, its error is joined to
// that, or returned alone. With a Shared among its options it only calls fn.
// HTTP handlers are wrapped by the package httpscope, those of AWS Lambda by the
// module lambdascope.
func Invocation(ctx context.Context, fn func(context.Context) error, opts ...Option) (err error) {
	c, err := configure(opts)
	if err != nil {
		return err
	}
	if c.shared != nil {
		return fn(ctx)
	}
	v := &invocation{config: c, start: time.Now(), clients: map[*held]bool{}}
	defer func() { err = join(err, v.close(ctx)) }()
	return fn(context.WithValue(ctx, invocationKey{}, v))
}

type (
	invocationKey struct{} // its value in a context is the *invocation
	heldKey       struct{} // its value is the *held of the scope around
)

// An invocation has the clients of the scopes in it.
type invocation struct {
	config *config
	start  time.Time

	mu      sync.Mutex
	clients map[*held]bool // the value says whether it is in use
	idle    []*held        // the last one used is the last here
	opened  int            // connections of clients that were closed early
	ended   bool
}

// A held is a client that one scope uses at a time.
type held struct {
	rdb  redis.UniversalClient
	dial *dialing
	turn atomic.Pointer[turn]
}

// A turn is the time in which a scope has a client.
type turn struct {
	ctx context.Context
	of  *held
}

// invocation is the one that a scope belongs to, or nil.
func (r *run) invocation(ctx context.Context) *invocation {
	v, _ := ctx.Value(invocationKey{}).(*invocation)
	if v == nil || r.apart || !v.config.serves(r.config) {
		return nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended {
		return nil
	}
	if !r.ownLog {
		r.log = v.config.log
	}
	if r.trace == nil {
		r.trace = v.config.trace
	}
	return v
}

// serves tells whether a client with these settings is one with those of another
// call.
func (c *config) serves(o *config) bool {
	return c.where == o.where &&
		(!o.named || o.name == c.name) &&
		(len(o.setup) == 0 || slices.Equal(o.setup, c.setup)) &&
		(len(o.conns) == 0 || slices.Equal(o.conns, c.conns))
}

// lend lends a client to one scope, and the client of the scope around it if that
// ends with the same context.
func (v *invocation) lend(ctx context.Context, r *run, fn func(context.Context, redis.UniversalClient) error) error {
	if t, _ := ctx.Value(heldKey{}).(*turn); t != nil && t.of.turn.Load() == t && v.has(t.of) &&
		t.ctx.Done() == ctx.Done() && !r.retrying { // what a repetition may repeat is its own matter
		return fn(ctx, t.of.rdb)
	}
	h, err := v.take()
	if err != nil {
		return err
	}
	t := &turn{ctx, h}
	h.turn.Store(t)
	h.dial.attempt.Store(&r.attempt)
	uncut := h.dial.heed(ctx)
	fine := false
	defer func() {
		h.turn.Store(nil)
		v.giveBack(ctx, h, uncut() && fine)
	}()
	err = fn(context.WithValue(ctx, heldKey{}, t), h.rdb)
	fine = true
	return err
}

func (v *invocation) has(h *held) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.clients[h]
}

// take is the client that was used last, or a new one.
func (v *invocation) take() (*held, error) {
	if h, err := v.last(); h != nil || err != nil {
		return h, err
	}
	h := &held{dial: newDialing(v.config)}
	h.rdb = v.config.client(h.dial)
	v.config.hook(h.rdb, h.dial)
	err := v.config.prepare(h.rdb, h.dial)
	v.mu.Lock()
	defer v.mu.Unlock()
	if err == nil && v.ended {
		err = redis.ErrClosed
	}
	if err != nil {
		_, cutErr := h.end()
		return nil, join(err, cutErr)
	}
	v.clients[h] = true
	return h, nil
}

func (v *invocation) last() (*held, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended {
		return nil, redis.ErrClosed
	}
	n := len(v.idle)
	if n == 0 {
		return nil, nil
	}
	h := v.idle[n-1]
	v.idle = v.idle[:n-1]
	v.clients[h] = true
	return h, nil
}

// giveBack keeps a client for the next scope, or closes it.
func (v *invocation) giveBack(ctx context.Context, h *held, fine bool) {
	if v.keep(h, fine) {
		return
	}
	opened, err := h.end()
	v.mu.Lock()
	v.opened += opened
	v.mu.Unlock()
	if err != nil {
		v.tell(ctx, opened, err)
	}
}

func (v *invocation) keep(h *held, fine bool) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended { // and has closed it
		return true
	}
	if fine && h.dial.rest(int(h.rdb.PoolStats().IdleConns)) {
		v.clients[h] = false
		v.idle = append(v.idle, h)
		return true
	}
	delete(v.clients, h)
	return false
}

// close closes all clients. Those that are in use are goroutines' for which fn
// has not waited.
func (v *invocation) close(ctx context.Context) (err error) {
	v.mu.Lock()
	v.ended = true
	opened := v.opened
	clients := v.clients
	v.mu.Unlock()
	for h := range clients {
		n, closeErr := h.end()
		opened += n
		if err == nil {
			err = closeErr
		}
	}
	v.tell(ctx, opened, err)
	if err != nil {
		return fmt.Errorf("rediscope: failed to disconnect: %w", err)
	}
	return nil
}

func (v *invocation) tell(ctx context.Context, opened int, err error) {
	attrs := []slog.Attr{slog.String("addr", v.config.addr()), slog.Int("connections", opened), slog.Duration("duration", time.Since(v.start))}
	if err != nil {
		v.config.log.LogAttrs(ctx, slog.LevelWarn, "redis: failed to disconnect", append(attrs, slog.Any("cause", err))...)
	} else if opened > 0 {
		v.config.log.LogAttrs(ctx, slog.LevelDebug, "redis: disconnected", attrs...)
	}
}

// end closes the client.
func (h *held) end() (opened int, err error) {
	opened, cutErr := h.dial.end()
	err = h.rdb.Close()
	if err == nil || errors.Is(err, redis.ErrClosed) {
		err = cutErr
	}
	return opened, err
}
