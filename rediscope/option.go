package rediscope

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// limit is the longest that a scope waits for a connection, a read or a write,
// unless Options say otherwise.
const limit = 5 * time.Second

// An Option says where Redis is and how a scope goes about it. Of several that say
// where, the last holds. A *Shared is an option too.
type Option interface{ apply(*config) }

type option func(*config)

func (o option) apply(c *config) { o(c) }

// config is what the options of one call add up to.
type config struct {
	err       error // of an option
	where     any   // what says where Redis is: a URL, or a pointer to options
	options   *redis.Options
	universal *redis.UniversalOptions
	ring      *redis.RingOptions
	name      string
	log       *slog.Logger
	setup     []*setup
	trace     func(context.Context, Info) (context.Context, func(error))
	conns     []*connections
	attempts  int
	base      time.Duration
	retryIf   func(error) bool
	shared    *Shared
	named     bool // by the option Name
	ownLog    bool // Logger was given
	lasting   bool // the client lives as long as the process
	apart     bool // it is not an invocation's
	retrying  bool // it may be repeated
}

// fail notes what is wrong with an option. Of several errors the first is told.
func (c *config) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

func configure(opts []Option) (*config, error) {
	c := &config{attempts: 3, base: 100 * time.Millisecond}
	for i, o := range opts {
		if o == nil {
			c.fail(fmt.Errorf("rediscope: option %d is nil", i+1))
			continue
		}
		o.apply(c)
	}
	if c.shared != nil {
		of := c.shared.config
		c.name = of.name
		if c.log == nil {
			c.log = of.log
		}
		if c.trace == nil {
			c.trace = of.trace
		}
	}
	if c.ownLog = c.log != nil; !c.ownLog {
		c.log = slog.Default()
	}
	if c.err == nil && c.options == nil && c.universal == nil && c.ring == nil && c.shared == nil {
		if u := os.Getenv("REDIS_URL"); u != "" {
			URL(u).apply(c)
		} else {
			c.err = errors.New("rediscope: no address: set REDIS_URL, or use the option URL or Options")
		}
	}
	switch {
	case c.name != "":
	case c.ring != nil:
		c.name = c.ring.ClientName
	case c.universal != nil:
		c.name = c.universal.ClientName
	case c.options != nil:
		c.name = c.options.ClientName
	}
	if c.err == nil && strings.ContainsFunc(c.name, func(r rune) bool { return r <= ' ' || r > '~' }) {
		c.err = fmt.Errorf("rediscope: bad name %q: Redis allows neither spaces nor what is not ASCII", c.name)
	}
	return c, c.err
}

// URL gives the server's address as redis.ParseURL reads it, such as
// redis://user:password@host:6379/0, or rediss:// for TLS. The default is the
// environment variable REDIS_URL.
//
// With ?protocol=2, and neither password nor name to tell, the connection needs
// no greeting, which saves one of two round trips.
func URL(rawURL string) Option {
	return option(func(c *config) {
		o, err := redis.ParseURL(rawURL)
		if err != nil {
			// url.Error has the whole URL in its text, with the password.
			if u := (*url.Error)(nil); errors.As(err, &u) {
				err = u.Err
			}
			c.fail(fmt.Errorf("rediscope: bad URL: %w", err))
			return
		}
		c.options, c.universal, c.ring, c.where = o, nil, nil, rawURL
	})
}

// Options gives all settings of go-redis. They are copied. What is zero in them
// gets the values of a scope: 5 seconds for DialTimeout, ReadTimeout,
// WriteTimeout and PoolTimeout, and a PoolSize of 2. A scope never repeats a
// command, keeps no idle connection, heeds the deadline of a context, and says
// no more to the server than it must, so MaxRetries, DialerRetries,
// MinIdleConns, ContextTimeoutEnabled, DisableIdentity and
// MaintNotificationsConfig are always its own.
func Options(o *redis.Options) Option {
	return option(func(c *config) {
		if o == nil {
			c.fail(errors.New("rediscope: Options(nil) says no address"))
		}
		c.options, c.universal, c.ring, c.where = o, nil, nil, o
	})
}

// Universal gives the settings of a cluster or of Sentinel, chosen as
// redis.NewUniversalClient does. They are copied and completed as with Options.
// WithRedis takes them when they say a single server or Sentinel; those of a
// cluster need WithUniversal.
func Universal(o *redis.UniversalOptions) Option {
	return option(func(c *config) {
		if o == nil {
			c.fail(errors.New("rediscope: Universal(nil) says no address"))
		}
		c.options, c.universal, c.ring, c.where = nil, o, nil, o
	})
}

// Ring gives the settings of a ring of servers, for WithUniversal. They are
// copied and completed as with Options.
func Ring(o *redis.RingOptions) Option {
	return option(func(c *config) {
		if o == nil {
			c.fail(errors.New("rediscope: Ring(nil) says no address"))
		}
		c.options, c.universal, c.ring, c.where = nil, nil, o, o
	})
}

// Name is the connection's name in CLIENT LIST, such as service/function, of
// visible ASCII characters without spaces. It is told with the greeting and costs no round trip.
func Name(name string) Option {
	return option(func(c *config) { c.name, c.named = name, true })
}

// Logger receives the life of each connection at the level Debug, and at Warn
// each failure to connect or disconnect, each repetition and each use of a
// fallback. All messages begin with "redis: ". The default is slog.Default().
func Logger(l *slog.Logger) Option {
	return option(func(c *config) { c.log = l })
}

// Setup is called with each client before the callback is, for instance to add
// hooks. Its error ends the scope and is returned. Setups run in their order.
//
// Never call redisotel.InstrumentMetrics there: it keeps each client for ever.
func Setup(f func(redis.UniversalClient) error) Option { return &setup{f} }

type setup struct {
	f func(redis.UniversalClient) error
}

func (s *setup) apply(c *config) {
	if s.f == nil {
		c.fail(errors.New("rediscope: Setup(nil) has nothing to call"))
	}
	c.setup = append(c.setup, s)
}

// Info describes one scope to Trace.
type Info struct {
	Addr    string // host:port, or several with commas between them
	Name    string // the connection's name, or ""
	Attempt int    // 1, and up with each repetition
	Shared  bool   // the client is a Shared's

	Invocation bool // the client is an Invocation's
}

// Trace is called when a scope begins. The callback gets the context that start
// returns, and end is called after the client is closed, with what the scope
// returns. It is meant for spans: see the module rediscope/otelscope.
func Trace(start func(context.Context, Info) (ctx context.Context, end func(error))) Option {
	return option(func(c *config) { c.trace = start })
}

// Conn is a connection that Connections hears of.
type Conn struct {
	Addr string // host:port
	Name string // in CLIENT LIST, or ""
}

// Events are called as connections come and go, from many goroutines, and should
// be quick. Each may be nil.
type Events struct {
	Opened func(Conn)
	Closed func(c Conn, held time.Duration, err error)
	Failed func(c Conn, err error) // none came about, or the server has refused the login
}

// Connections has events called for each connection: those of the calls that it
// is given to, or of the Shared. It is meant for metrics: see the module
// rediscope/otelscope.
func Connections(e Events) Option { return &connections{e} }

type connections struct{ events Events }

func (l *connections) apply(c *config) { c.conns = append(c.conns, l) }

// Attempts says how often WithRedisRetry tries at most, and how long it waits:
// before the second try up to base, before the third up to twice that, and so
// on, a random time each. The default is 3 tries and 100 ms.
func Attempts(n int, base time.Duration) Option {
	return option(func(c *config) { c.attempts, c.base = n, base })
}

// RetryIf says for which errors WithRedisRetry tries again, in place of its own
// rule, even though commands of the callback may have run. It is for callbacks
// that may run twice; RetryIf(Transient) is a good choice for those.
func RetryIf(f func(error) bool) Option {
	return option(func(c *config) { c.retryIf = f })
}

// The settings of a scope, in place of what is zero or would break its promises.
// The name goes through the greeting, see hook.

func (c *config) simple(d *dialing) *redis.Options {
	o := *c.options
	o.MaxRetries, o.DialerRetries, o.MinIdleConns = -1, 1, 0
	o.ContextTimeoutEnabled, o.DisableIdentity = true, true
	o.MaintNotificationsConfig = unasked()
	c.complete(&o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout, &o.PoolTimeout, &o.PoolSize)
	o.Dialer = d.dialer(o.Dialer, o.DialTimeout, o.TLSConfig)
	o.ClientName = ""
	return &o
}

func (c *config) several(d *dialing) *redis.UniversalOptions {
	o := *c.universal
	o.MaxRetries, o.DialerRetries, o.MinIdleConns = -1, 1, 0
	o.ContextTimeoutEnabled, o.DisableIdentity = true, true
	o.MaintNotificationsConfig = unasked()
	c.complete(&o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout, &o.PoolTimeout, &o.PoolSize)
	o.Dialer = d.dialer(o.Dialer, o.DialTimeout, o.TLSConfig)
	o.ClientName = ""
	return &o
}

func (c *config) shards(d *dialing) *redis.RingOptions {
	o := *c.ring
	o.MaxRetries, o.DialerRetries, o.MinIdleConns = -1, 1, 0
	o.ContextTimeoutEnabled, o.DisableIdentity = true, true
	c.complete(&o.DialTimeout, &o.ReadTimeout, &o.WriteTimeout, &o.PoolTimeout, &o.PoolSize)
	o.Dialer = d.dialer(o.Dialer, o.DialTimeout, o.TLSConfig)
	o.ClientName = ""
	// A ring has made its shards before it can be asked to call OnNewNode, and
	// does not know MaintNotificationsConfig.
	open := o.NewClient
	if open == nil {
		open = redis.NewClient
	}
	o.NewClient = func(o *redis.Options) *redis.Client {
		o.MaintNotificationsConfig = unasked()
		rdb := open(o)
		c.hookNode(rdb, d)
		return rdb
	}
	return &o
}

// unasked turns the notices of maintenance off. Without an endpoint go-redis looks
// up the host's name to find out of which kind it is, in a second question to the
// name server, for which no context counts.
func unasked() *maintnotifications.Config {
	return &maintnotifications.Config{Mode: maintnotifications.ModeDisabled, EndpointType: maintnotifications.EndpointTypeNone}
}

func (c *config) complete(dial, read, write, pool *time.Duration, size *int) {
	for _, d := range []*time.Duration{dial, read, pool} {
		if *d == 0 {
			*d = limit
		}
	}
	if *write == 0 {
		*write = *read
	}
	if *size == 0 && !c.lasting {
		*size = 2 // a command inside of Watch needs a second connection
	}
}

// addr is where the options lead, for logs.
func (c *config) addr() string {
	switch {
	case c.shared != nil:
		return c.shared.config.addr()
	case c.ring != nil:
		addrs := slices.Collect(maps.Values(c.ring.Addrs))
		slices.Sort(addrs)
		return strings.Join(addrs, ",")
	case c.universal != nil:
		return strings.Join(c.universal.Addrs, ",")
	case c.options != nil:
		return c.options.Addr
	}
	return ""
}
