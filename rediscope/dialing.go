package rediscope

import (
	"context"
	"crypto/tls"
	"log/slog"
	"maps"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

type dialFunc = func(ctx context.Context, network, addr string) (net.Conn, error)

// dialing opens the connections of one client, knows those that are open, and
// which commands are under way. Its end is the end of all connections, and of
// those still being opened, which go-redis itself leaves running when a command
// gives up on them.
type dialing struct {
	log     *slog.Logger
	name    string // of the connections
	heard   []*connections
	attempt atomic.Pointer[attempt] // whose commands the client runs; nil if their context has it
	ctx     context.Context         // done when the client is closed
	stop    context.CancelFunc

	mu       sync.Mutex
	open     map[*conn]bool
	opened   int
	sealed   error // why no further connection may be opened, or nil
	scope    context.Context
	commands map[*command]bool // those under way
	monitors []*redis.MonitorCmd

	// When the scope's context ends, what was begun before is cut, and what is
	// begun later waits until that is over, so that the two cannot be mixed up.
	cause error         // why the context has ended, or nil
	calm  chan struct{} // closed when nothing from before is under way, or nil
	old   int           // commands under way that were begun before
}

func newDialing(c *config) *dialing {
	d := &dialing{log: c.log, name: c.name, heard: c.conns, open: map[*conn]bool{}, commands: map[*command]bool{}}
	d.ctx, d.stop = context.WithCancel(context.Background())
	return d
}

// dialer opens connections by a dialer of the options, or else as go-redis does,
// except that a TLS handshake ends with the context, too.
func (d *dialing) dialer(dial dialFunc, timeout time.Duration, config *tls.Config) dialFunc {
	if dial == nil {
		nd := &net.Dialer{Timeout: timeout, KeepAliveConfig: net.KeepAliveConfig{
			Enable: true, Idle: 30 * time.Second, Interval: 5 * time.Second, Count: 3,
		}}
		dial = nd.DialContext
		if config != nil {
			dial = (&tls.Dialer{NetDialer: nd, Config: config}).DialContext
		}
	}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(d.ctx, cancel)()
		before, err := d.mayOpen()
		if err != nil {
			return nil, err
		}
		start := time.Now()
		nc, err := dial(ctx, network, addr)
		if err != nil {
			d.failed(ctx, addr, time.Since(start), err)
			return nil, err
		}
		d.log.LogAttrs(ctx, slog.LevelDebug, "redis: connected",
			slog.String("addr", addr), slog.Duration("duration", time.Since(start)))
		return d.adopt(nc, addr, before)
	}
}

// failed tells that no connection came about: it was not opened, or the server
// has refused the login.
func (d *dialing) failed(ctx context.Context, addr string, took time.Duration, err error) {
	if d.ctx.Err() != nil { // the client is closed, nobody waits for it
		return
	}
	d.log.LogAttrs(ctx, slog.LevelWarn, "redis: failed to connect",
		slog.String("addr", addr), slog.Duration("duration", took), slog.Any("error", err))
	for _, l := range d.heard {
		if l.events.Failed != nil {
			l.events.Failed(Conn{addr, d.name}, err)
		}
	}
}

// mayOpen tells whether a connection may be opened now, and whether that is
// before the end of the scope's context.
func (d *dialing) mayOpen() (before bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ctx.Err() != nil {
		return false, redis.ErrClosed
	}
	return d.cause == nil, d.sealed
}

// seal lets no further connection be opened.
func (d *dialing) seal(why error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sealed = why
}

func (d *dialing) adopt(nc net.Conn, addr string, before bool) (net.Conn, error) {
	c := &conn{Conn: nc, of: d, addr: addr, since: time.Now()}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.ctx.Err() != nil:
		_ = nc.Close()
		return nil, redis.ErrClosed
	case before && d.cause != nil: // what it was opened for has ended meanwhile
		_ = nc.Close()
		return nil, d.cause
	}
	d.open[c] = true
	d.opened++
	for _, l := range d.heard { // before anybody can close it
		if l.events.Opened != nil {
			l.events.Opened(Conn{addr, d.name})
		}
	}
	// go-redis asks a connection for its descriptor to find out whether it is
	// alive before it uses it again. TLS has none.
	if sc, ok := nc.(syscall.Conn); ok {
		return &rawConn{conn: c, Conn: sc}, nil
	}
	return c, nil
}

// heed makes the end of a context that of all that was begun before it. The
// connections outlive it once stop is called.
func (d *dialing) heed(ctx context.Context) (stop func() bool) {
	d.mu.Lock()
	d.scope = ctx
	d.mu.Unlock()
	return context.AfterFunc(ctx, d.interrupt)
}

// rest is the time between two scopes. It tells whether the client may be used
// again: nothing was cut, and all its connections are idle.
func (d *dialing) rest(idle int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.scope = nil
	d.attempt.Store(nil)
	return d.cause == nil && d.sealed == nil && len(d.commands) == 0 && len(d.monitors) == 0 && len(d.open) == idle
}

// A command is one that is under way.
type command struct {
	cancel context.CancelFunc
	old    bool // the context of the scope has ended meanwhile
}

// begin begins a command. It ends with the scope's context, too, if it began
// before; otherwise it waits until all those have ended.
func (d *dialing) begin(ctx context.Context) (_ context.Context, over func(), _ error) {
	d.mu.Lock()
	if d.scope == nil { // the client of a Shared
		d.mu.Unlock()
		return ctx, func() {}, nil
	}
	// The timer of a command may have run out a little before that of the scope.
	deadline, hasDeadline := d.scope.Deadline()
	if d.scope.Err() != nil || hasDeadline && !time.Now().Before(deadline) {
		old := d.mark()
		d.mu.Unlock()
		_ = d.close(old)
		d.mu.Lock()
	}
	if calm := d.calm; calm != nil {
		d.mu.Unlock()
		patience := time.NewTimer(limit)
		defer patience.Stop()
		select {
		case <-calm:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-patience.C: // it is itself part of one of those, such as of a hook
			return nil, nil, d.cause
		}
		d.mu.Lock()
	}
	defer d.mu.Unlock()
	c := &command{cancel: func() {}}
	if d.cause == nil && ctx.Done() != d.scope.Done() {
		own, hasOwn := ctx.Deadline()
		if hasDeadline && (!hasOwn || deadline.Before(own)) {
			ctx, c.cancel = context.WithDeadline(ctx, deadline)
		} else {
			ctx, c.cancel = context.WithCancel(ctx)
		}
	}
	d.commands[c] = true
	return ctx, func() { d.over(c) }, nil
}

func (d *dialing) over(c *command) {
	c.cancel()
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.commands, c)
	if c.old {
		if d.old--; d.old == 0 {
			close(d.calm)
		}
	}
}

// mark tells what is under way from what is begun later, when the scope's context
// has ended. It returns the connections that are open, to be closed. The caller
// holds d.mu.
func (d *dialing) mark() []*conn {
	if d.cause != nil {
		return nil
	}
	if d.cause = context.Cause(d.scope); d.cause == nil {
		d.cause = context.DeadlineExceeded
	}
	for c := range d.commands {
		c.old = true
		c.cancel()
	}
	if d.old = len(d.commands); d.old > 0 {
		d.calm = make(chan struct{})
	}
	return slices.Collect(maps.Keys(d.open))
}

// interrupt cuts what is under way when the scope's context has ended. A command
// may get hold of a connection just after that, so it cuts until none is left.
func (d *dialing) interrupt() {
	d.mu.Lock()
	old, calm := d.mark(), d.calm
	d.mu.Unlock()
	_ = d.close(old)
	if calm == nil {
		return
	}
	for pause := time.Millisecond; ; pause = min(2*pause, time.Second) {
		select {
		case <-calm:
			return
		case <-d.ctx.Done():
			return
		case <-time.After(pause):
			d.mu.Lock()
			if d.old > 0 {
				old = slices.Collect(maps.Keys(d.open))
			}
			d.mu.Unlock()
			_ = d.close(old)
		}
	}
}

// interrupted is why the scope's context has ended, or nil.
func (d *dialing) interrupted() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cause
}

// watch ends a MONITOR with its connection, since go-redis does not: its
// goroutine would go on for ever, and without a pause.
func (d *dialing) watch(m *redis.MonitorCmd) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.monitors = append(d.monitors, m)
}

// close closes connections, and returns the first error of doing so.
func (d *dialing) close(conns []*conn) (err error) {
	for _, c := range conns {
		if e := c.Close(); err == nil {
			err = e
		}
	}
	d.mu.Lock()
	monitors := d.monitors
	d.monitors = nil
	d.mu.Unlock()
	for _, m := range monitors {
		go m.Stop() // waits for a read, which has just lost its connection
	}
	return err
}

// end closes what the client has left, and returns how many connections there
// have been. The error is that of a connection.
func (d *dialing) end() (opened int, err error) {
	d.mu.Lock()
	d.stop()
	opened = d.opened
	open := slices.Collect(maps.Keys(d.open))
	d.mu.Unlock()
	return opened, d.close(open)
}

// A conn is a connection that its dialing knows, until it is closed. It may be
// cut while go-redis uses it, so a second Close is no error.
type conn struct {
	net.Conn
	of    *dialing
	addr  string
	since time.Time
	once  sync.Once
}

func (c *conn) Close() (err error) {
	c.once.Do(func() {
		c.of.mu.Lock()
		delete(c.of.open, c)
		c.of.mu.Unlock()
		err = c.Conn.Close()
		for _, l := range c.of.heard {
			if l.events.Closed != nil {
				l.events.Closed(Conn{c.addr, c.of.name}, time.Since(c.since), err)
			}
		}
	})
	return err
}

// A rawConn is a conn on a descriptor.
type rawConn struct {
	*conn
	syscall.Conn
}
