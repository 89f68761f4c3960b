// Package leaktest fails a test that leaves connections to Redis open.
//
//	func TestOrders(t *testing.T) {
//		leaktest.Check(t, "localhost:6379")
//		...
//	}
//
// Check remembers who is connected. When the test is over, and all that it gave
// to t.Cleanup has run, whoever is connected since then is a leak:
//
//	leaktest: left open after 1s:
//	LEFT        NAME       AGE  IDLE  LAST COMMAND  ADDRESS
//	connection  shop/list  2s   1s    get           127.0.0.1:52114
//	connection  shop/list  2s   2s    subscribe     127.0.0.1:52116
//	goroutine   -          -    -     -             redis.(*channel).initMsgChan.func1 (pubsub.go:759)
//
// Goroutines of go-redis are in the same table. They tell of subscriptions,
// clusters and rings that nobody closed.
//
// # Parallel tests
//
// Tests that share a server see the connections of each other. Let each give
// its clients a name, and check that name:
//
//	t.Parallel()
//	leaktest.Check(t, addr, leaktest.Name(t.Name()))
//	rdb := redis.NewClient(&redis.Options{Addr: addr, ClientName: t.Name()})
//
// # A whole package
//
//	func TestMain(m *testing.M) { os.Exit(leaktest.Main(m, "localhost:6379")) }
//
// checks what is left when all tests have run. An empty address checks
// goroutines alone.
//
// # What it cannot see
//
// A client of go-redis that is dropped without Close is closed by the garbage
// collector some time, if it has no goroutine. A collection that happens to come
// before the end of the test hides that leak.
//
// miniredis knows no CLIENT LIST. Against it Check compares the number of
// connections and says how many are left, not whose; a connection that was open
// before and is closed by the test makes up for one that is left. Name needs
// CLIENT LIST. Goroutines are seen as ever.
package leaktest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/redislint/redislint/rediscope"
	"github.com/redislint/redislint/rediscope/internal/clientlist"
)

// An Option says what is checked, and how.
type Option func(*config)

type config struct {
	name  string // of the connections; all if empty
	label string // of the goroutines; all if empty
	grace time.Duration
	via   []rediscope.Option
}

// Name checks only connections that are called name, or that and a further
// part after a slash, so that the name of a test is also that of its subtests.
// Of goroutines it checks those that were started by the goroutine that called
// Check, directly or by way of others. It puts a label for that on the calling
// goroutine, see runtime/pprof, in place of labels that it may have.
func Name(name string) Option { return func(c *config) { c.name = name } }

// Grace is how long connections and goroutines may take to end after the test.
// The default is a second. A test that leaves nothing does not wait.
func Grace(d time.Duration) Option { return func(c *config) { c.grace = d } }

// Via says how Check itself connects: as which user, with which certificates.
// In place of an address it may also be the only thing that says where.
func Via(opts ...rediscope.Option) Option {
	return func(c *config) { c.via = append(c.via, opts...) }
}

func configure(addr string, opts []Option) *config {
	c := &config{grace: time.Second}
	if addr != "" {
		if !strings.Contains(addr, "://") {
			addr = "redis://" + addr
		}
		c.via = append(c.via, rediscope.URL(addr))
	}
	for _, o := range opts {
		o(c)
	}
	return c
}

// Check fails tb at its end if connections to the server at addr, or goroutines
// of go-redis, are left that were not there when Check was called. It is called
// first, so that cleanups of tb run before it looks.
//
// Addr is host:port or a URL as redis.ParseURL reads it. It may be empty if Via
// says more, or to check goroutines alone.
func Check(tb testing.TB, addr string, opts ...Option) {
	tb.Helper()
	c := configure(addr, opts)
	c.label = c.name
	mark(c.label)
	before, err := c.look(nil)
	if err != nil {
		tb.Fatalf("leaktest: %v", err)
		return // a TB of one's own may go on
	}
	tb.Cleanup(func() {
		tb.Helper()
		rows, err := c.settle(before)
		if err != nil {
			tb.Errorf("leaktest: %v", err)
		}
		if len(rows) > 0 {
			tb.Errorf("leaktest: left open after %v:\n%s", c.grace, table(rows))
		}
	})
}

// Main runs tests and returns their exit status, or 1 if they pass and leave
// connections or goroutines behind. The table goes to the standard error.
//
// M is a *testing.M. Of the options, Name is of use when other programs are
// connected to the same server.
func Main(m interface{ Run() int }, addr string, opts ...Option) int {
	return run(m, addr, os.Stderr, opts)
}

func run(m interface{ Run() int }, addr string, w io.Writer, opts []Option) int {
	c := configure(addr, opts)
	before, err := c.look(nil)
	if err != nil {
		fmt.Fprintf(w, "leaktest: %v\n", err)
		return 1
	}
	code := m.Run()
	rows, err := c.settle(before)
	if err != nil {
		fmt.Fprintf(w, "leaktest: %v\n", err)
		code = max(code, 1)
	}
	if len(rows) > 0 {
		fmt.Fprintf(w, "leaktest: left open after %v:\n%s\n", c.grace, table(rows))
		code = max(code, 1)
	}
	return code
}

// A view is what there is at one moment.
type view struct {
	connections map[key]clientlist.Client // nil where the server does not list them
	count       int                       // of connections, where it does not
	goroutines  map[string]int            // by what they run
}

// key tells a connection from one with the same id of a server that was
// started anew.
type key struct {
	id   int64
	addr string
}

// own is how the connections of leaktest itself are called.
const own = "redislint/leaktest"

// look sees what there is now. If settled is given, it goes on looking for the
// time of grace until settled is content.
func (c *config) look(settled func(view) bool) (view, error) {
	v := view{}
	end := time.Now().Add(c.grace)
	wait := func() bool {
		if settled == nil || settled(v) || !time.Now().Before(end) {
			return false
		}
		time.Sleep(10 * time.Millisecond)
		return true
	}
	if len(c.via) > 0 {
		if err := c.connections(&v, wait); err != nil {
			return v, err
		}
	}
	for {
		v.goroutines = goroutines(c.label)
		if !wait() {
			return v, nil
		}
	}
}

// connections sees who is connected, again while wait says so.
func (c *config) connections(v *view, wait func() bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), c.grace+10*time.Second)
	defer cancel()
	opts := append([]rediscope.Option{rediscope.Logger(slog.New(slog.DiscardHandler)), rediscope.Name(own)}, c.via...)
	return rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		for {
			list, err := clientlist.Ask(ctx, rdb)
			switch {
			case errors.Is(err, clientlist.ErrUnknown) && c.name != "":
				return fmt.Errorf("Name cannot be checked: %w", err)
			case errors.Is(err, clientlist.ErrUnknown):
				if v.count, err = fewest(ctx, rdb); err != nil {
					return err
				}
			case err != nil:
				return err
			default:
				v.connections = map[key]clientlist.Client{}
				for _, cl := range list {
					if c.mine(cl) {
						v.connections[key{cl.ID, cl.Addr}] = cl
					}
				}
			}
			if !wait() {
				return nil
			}
		}
	}, opts...)
}

// fewest counts connections three times: one that is about to end may still be
// counted once.
func fewest(ctx context.Context, rdb *redis.Client) (int, error) {
	least, err := clientlist.Count(ctx, rdb)
	for range 2 {
		time.Sleep(5 * time.Millisecond)
		if n, again := clientlist.Count(ctx, rdb); again == nil {
			least = min(least, n)
		}
	}
	return least, err
}

// mine tells whether a connection is checked.
func (c *config) mine(cl clientlist.Client) bool {
	if c.name == "" {
		return cl.Name != own
	}
	rest, ok := strings.CutPrefix(cl.Name, c.name)
	return ok && (rest == "" || rest[0] == '/')
}

// settle waits for what ends by itself and returns what is left since before.
func (c *config) settle(before view) ([]row, error) {
	after, err := c.look(func(v view) bool { return len(left(before, v)) == 0 })
	if err != nil {
		// Without the server the goroutines can still be told.
		after = view{connections: before.connections, count: before.count, goroutines: goroutines(c.label)}
	}
	return left(before, after), err
}
