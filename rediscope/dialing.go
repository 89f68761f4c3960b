package rediscope

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"sync"
	"syscall"
	"time"
)

type dialFunc = func(ctx context.Context, network, addr string) (net.Conn, error)

// dialing opens the connections of one client and knows those that are open.
// Its end is the end of all of them, and of those still being opened, which
// go-redis itself leaves running when a command gives up on them.
type dialing struct {
	log  *slog.Logger
	ctx  context.Context // done when the client is closed
	stop context.CancelFunc

	mu     sync.Mutex
	open   map[*conn]bool
	opened int
	sealed error // why no further connection may be opened, or nil
}

func newDialing(log *slog.Logger) *dialing {
	d := &dialing{log: log, open: map[*conn]bool{}}
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
		if err := d.refusal(); err != nil {
			return nil, err
		}
		start := time.Now()
		nc, err := dial(ctx, network, addr)
		if err != nil {
			if d.ctx.Err() == nil {
				d.log.LogAttrs(ctx, slog.LevelWarn, "redis: failed to connect",
					slog.String("addr", addr), slog.Duration("duration", time.Since(start)), slog.Any("error", err))
			}
			return nil, err
		}
		d.log.LogAttrs(ctx, slog.LevelDebug, "redis: connected",
			slog.String("addr", addr), slog.Duration("duration", time.Since(start)))
		return d.adopt(nc)
	}
}

func (d *dialing) refusal() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sealed
}

// seal lets no further connection be opened.
func (d *dialing) seal(why error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sealed = why
}

func (d *dialing) adopt(nc net.Conn) (net.Conn, error) {
	c := &conn{Conn: nc, of: d}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ctx.Err() != nil {
		_ = nc.Close()
		return nil, net.ErrClosed
	}
	d.open[c] = true
	d.opened++
	// go-redis asks a connection for its descriptor to find out whether it is
	// alive before it uses it again. TLS has none.
	if sc, ok := nc.(syscall.Conn); ok {
		return &rawConn{conn: c, Conn: sc}, nil
	}
	return c, nil
}

// cut closes the connections that are open now. Later ones may be opened.
func (d *dialing) cut() {
	d.mu.Lock()
	open := make([]*conn, 0, len(d.open))
	for c := range d.open {
		open = append(open, c)
	}
	d.mu.Unlock()
	for _, c := range open {
		_ = c.Close() // what the connection was used for fails, and says so
	}
}

// end closes what the client has left, and returns how many connections there
// have been.
func (d *dialing) end() int {
	d.mu.Lock()
	d.stop()
	n := d.opened
	d.mu.Unlock()
	d.cut()
	return n
}

// A conn is a connection that its dialing knows, until it is closed. It may be
// cut while go-redis uses it, so a second Close is no error.
type conn struct {
	net.Conn
	of   *dialing
	once sync.Once
}

func (c *conn) Close() (err error) {
	c.once.Do(func() {
		c.of.mu.Lock()
		delete(c.of.open, c)
		c.of.mu.Unlock()
		err = c.Conn.Close()
	})
	return err
}

// A rawConn is a conn on a descriptor.
type rawConn struct {
	*conn
	syscall.Conn
}
