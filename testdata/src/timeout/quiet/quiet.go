// Package quiet shows options that are as they should be, and those of which
// nobody can tell.
package quiet

import (
	"context"
	"encoding/json"
	"flag"
	"net"
	"os"
	"time"

	"github.com/gomodule/redigo/redis"
	"github.com/mediocregopher/radix/v4"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"timeout/opts"
)

// All is set.
func set(addr string) *goredis.Client {
	return goredis.NewClient(&goredis.Options{
		Addr: addr, DialTimeout: 5 * time.Second, DialerRetries: 1, ReadTimeout: 5 * time.Second, WriteTimeout: time.Second,
	})
}

// The defaults are within the limit, and five short dials are as well.
func short(addr string) *goredis.Client {
	return goredis.NewClient(&goredis.Options{Addr: addr, DialTimeout: time.Second})
}

// A dialer of one's own has its own timeout.
func dialer(addr string) *goredis.Client {
	return goredis.NewClient(&goredis.Options{
		Addr: addr,
		Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
			return net.DialTimeout(network, addr, time.Second)
		},
	})
}

// From configuration.
type config struct {
	Addr string
	Read time.Duration
}

func configured(c config) *goredis.Client {
	return goredis.NewClient(&goredis.Options{Addr: c.Addr, DialerRetries: 1, ReadTimeout: c.Read})
}

var wait = flag.Duration("wait", 0, "read timeout")

func flagged(addr string) *goredis.Client {
	return goredis.NewClient(&goredis.Options{Addr: addr, DialerRetries: 1, ReadTimeout: *wait})
}

func flaggedField(addr string) *goredis.Client {
	opt := &goredis.Options{Addr: addr, DialerRetries: 1, ReadTimeout: -1}
	flag.DurationVar(&opt.ReadTimeout, "read", time.Second, "read timeout")
	flag.Parse()
	return goredis.NewClient(opt)
}

func decoded(data []byte) (*goredis.Client, error) {
	var opt goredis.Options
	if err := json.Unmarshal(data, &opt); err != nil {
		return nil, err
	}
	return goredis.NewClient(&opt), nil
}

// A URL from the environment may set anything.
func fromURL() (*goredis.Client, error) {
	opt, err := goredis.ParseURL(os.Getenv("REDIS_URL"))
	if err != nil {
		return nil, err
	}
	return goredis.NewClient(opt), nil
}

func fromGoodURL() (*goredis.Client, error) {
	opt, err := goredis.ParseURL("redis://localhost:6379/0?read_timeout=3s&dial_timeout=1")
	if err != nil {
		return nil, err
	}
	return goredis.NewClient(opt), nil
}

// Set in the end, whatever it was before.
func replaced(addr string, wait bool) *goredis.Client {
	opt := &goredis.Options{Addr: addr, ReadTimeout: -1}
	if wait {
		opt.ReadTimeout = time.Hour
	}
	opt.ReadTimeout = time.Second
	opt.DialerRetries = 1
	return goredis.NewClient(opt)
}

// Set by what the caller hands in.
type Option func(*goredis.Options)

func functional(addr string, options ...Option) *goredis.Client {
	opt := &goredis.Options{Addr: addr}
	for _, o := range options {
		o(opt)
	}
	return goredis.NewClient(opt)
}

// Options of somebody else.
func borrowed(opt *goredis.Options) *goredis.Client { return goredis.NewClient(opt) }

// Other packages that set what is missing.
func tamed(addr string) *goredis.Client {
	opt := &goredis.Options{Addr: addr}
	opts.Tame(opt)
	return goredis.NewClient(opt)
}

func openedTame(addr string) *goredis.Client { return opts.OpenTame(&goredis.Options{Addr: addr}) }

func bounded(addr string) *goredis.Client { return goredis.NewClient(opts.Bounded(addr)) }

func unknown(addr string, read time.Duration) *goredis.Client {
	return goredis.NewClient(opts.With(addr, read))
}

// Never opened.
func unused(addr string) *goredis.Options { return &goredis.Options{Addr: addr, ReadTimeout: -1} }

// A deadline that the client sees, one that is longer than the client waits
// anyway, and one that nobody knows.
func deadlines(addr string, d time.Duration) error {
	sees := goredis.NewClient(&goredis.Options{Addr: addr, DialerRetries: 1, ContextTimeoutEnabled: true})
	defer sees.Close()
	blind := goredis.NewClient(&goredis.Options{Addr: addr, DialerRetries: 1})
	defer blind.Close()
	soon, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := sees.Ping(soon).Err(); err != nil {
		return err
	}
	late, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := blind.Ping(late).Err(); err != nil {
		return err
	}
	some, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return blind.Ping(some).Err()
}

// Dials with timeouts.
func dial(addr string) (redis.Conn, error) {
	return redis.Dial("tcp", addr, redis.DialConnectTimeout(time.Second), redis.DialReadTimeout(time.Second), redis.DialWriteTimeout(time.Second))
}

func dialOptions(addr string) (redis.Conn, error) {
	options := []redis.DialOption{redis.DialReadTimeout(time.Second), redis.DialWriteTimeout(time.Second)}
	options = append(options, redis.DialConnectTimeout(time.Second))
	return redis.Dial("tcp", addr, options...)
}

func dialUnknown(addr string, options []redis.DialOption) (redis.Conn, error) {
	return redis.Dial("tcp", addr, options...)
}

func custom() redis.DialOption { return redis.DialReadTimeout(time.Second) }

func dialCustom(addr string) (redis.Conn, error) {
	return redis.Dial("tcp", addr, redis.DialConnectTimeout(time.Second), redis.DialWriteTimeout(time.Second), custom())
}

func parameters(addr string, d time.Duration) (redis.Conn, error) {
	return redis.DialTimeout("tcp", addr, time.Second, d, time.Second)
}

func rueidisSet(addr string) (rueidis.Client, error) {
	return rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}, ConnWriteTimeout: time.Second})
}

// The default depends on this one.
func rueidisAlive(addr string) (rueidis.Client, error) {
	return rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{addr}, Dialer: net.Dialer{KeepAlive: time.Second}})
}

func nested(ctx context.Context, addr string) (radix.Client, error) {
	cfg := radix.PoolConfig{Dialer: radix.Dialer{NetDialer: &net.Dialer{Timeout: time.Second}}}
	return cfg.New(ctx, "tcp", addr)
}

// Variables of the package that somebody else fills in.
var (
	loaded  = &goredis.Options{DialerRetries: 1, ReadTimeout: -1}
	filled  goredis.Options
	handled struct{ Redis goredis.Options }
)

func load(data []byte) error {
	if err := json.Unmarshal(data, loaded); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &filled); err != nil {
		return err
	}
	return json.Unmarshal(data, &handled)
}

func fromVariables() (a, b, c *goredis.Client) {
	return goredis.NewClient(loaded), goredis.NewClient(&filled), goredis.NewClient(&handled.Redis)
}

// A configuration that embeds the options.
type embedding struct {
	goredis.Options
	Name string
}

func read(data []byte) (*embedding, error) {
	c := new(embedding)
	if err := json.Unmarshal(data, c); err != nil {
		return nil, err
	}
	return c, nil
}

func fromEmbedding(data []byte) (*goredis.Client, error) {
	c, err := read(data)
	if err != nil {
		return nil, err
	}
	return goredis.NewClient(&c.Options), nil
}

// Set by a literal that runs before, if it runs.
func once(addr string, do func(func())) *goredis.Client {
	opt := &goredis.Options{Addr: addr, DialerRetries: 1, ReadTimeout: -1}
	do(func() { opt.ReadTimeout = time.Second })
	return goredis.NewClient(opt)
}

// Options in a loop, and in a map.
func all(addrs map[string]*goredis.Options) []*goredis.Client {
	var list []*goredis.Client
	for _, opt := range addrs {
		list = append(list, goredis.NewClient(opt))
	}
	return list
}
