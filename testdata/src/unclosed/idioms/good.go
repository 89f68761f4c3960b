package idioms

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"sync"
	"testing"
	"time"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"unclosed/runutil"
)

// A logging closer of another package.
func closedWithLog(logger *log.Logger) error {
	rdb := redis.NewClient(opts())
	defer runutil.CloseWithLog(logger, rdb, "close %s", "cache")
	return work()
}

// A capturing closer of another package.
func closedWithCapture() (err error) {
	rdb := redis.NewClient(opts())
	defer runutil.CloseWithCapture(&err, rdb, "cache")
	return work()
}

// A helper that calls the method value.
func checked() error {
	rdb := redis.NewClient(opts())
	defer runutil.Check(rdb.Close)
	return work()
}

// A list of closers.
func closers() error {
	var closers []io.Closer
	defer func() {
		for _, c := range closers {
			c.Close()
		}
	}()
	rdb := redis.NewClient(opts())
	closers = append(closers, rdb)
	sub := rdb.Subscribe(ctx, "news")
	closers = append(closers, sub)
	return work()
}

// A group of closers of another package.
func closerGroup() error {
	var g runutil.Group
	defer g.Close()
	rdb := redis.NewClient(opts())
	g.Add(rdb)
	return work()
}

// A default for what the caller did not give, closed if it was needed.
func defaulted(rdb *redis.Client) error {
	if rdb == nil {
		rdb = redis.NewClient(opts())
		defer rdb.Close()
	}
	return rdb.Ping(ctx).Err()
}

// The same with a flag.
func defaultedFlag(rdb *redis.Client) error {
	own := false
	if rdb == nil {
		rdb = redis.NewClient(opts())
		own = true
	}
	err := rdb.Ping(ctx).Err()
	if own {
		rdb.Close()
	}
	return err
}

// A default that goes into an owner.
func defaultedOwner(rdb *redis.Client) *app {
	if rdb == nil {
		rdb = redis.NewClient(opts())
	}
	return &app{rdb: rdb}
}

// Waiting for the server, and giving up.
func waited() (*redis.Client, error) {
	rdb := redis.NewClient(opts())
	var err error
	for i := 0; i < 5; i++ {
		if err = rdb.Ping(ctx).Err(); err == nil {
			return rdb, nil
		}
		time.Sleep(time.Second)
	}
	rdb.Close()
	return nil, fmt.Errorf("no redis: %w", err)
}

// errors.Is holds for no nil error.
func cancelled(ctx context.Context) error {
	conn, err := redigo.DialContext(ctx, "tcp", "cache:6379")
	if errors.Is(err, context.Canceled) {
		return nil
	}
	if err != nil {
		return err
	}
	return conn.Close()
}

// So does a comparison with a sentinel.
func sentinel() error {
	conn, err := redigo.Dial("tcp", "cache:6379")
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return err
	}
	return conn.Close()
}

// So does errors.As.
func typedError() error {
	conn, err := redigo.Dial("tcp", "cache:6379")
	var pathErr *os.PathError
	if errors.As(err, &pathErr) {
		return pathErr
	}
	if err != nil {
		return err
	}
	return conn.Close()
}

// The error is looked at in the condition of the assignment.
func assignedInCondition() (err error) {
	var conn redigo.Conn
	if conn, err = redigo.Dial("tcp", "cache:6379"); err != nil {
		return err
	}
	defer conn.Close()
	return work()
}

// The switch has its own statement.
func switchStatement() error {
	switch conn, err := redigo.Dial("tcp", "cache:6379"); {
	case err != nil:
		return err
	default:
		defer conn.Close()
		return work()
	}
}

// The constructor's goroutine closes, its user need not.
type watcher struct {
	rdb  *redis.Client
	seen int
}

func newWatcher(ctx context.Context) *watcher {
	w := &watcher{rdb: redis.NewClient(opts())}
	go w.loop(ctx)
	return w
}

func (w *watcher) loop(ctx context.Context) {
	defer w.rdb.Close()
	for ctx.Err() == nil {
		w.rdb.Incr(ctx, "ticks")
	}
}

func watching(ctx context.Context) int { return newWatcher(ctx).seen }

// A type that keeps a function which closes.
type stoppable struct {
	rdb  *redis.Client
	stop func()
}

func newStoppable() *stoppable {
	rdb := redis.NewClient(opts())
	return &stoppable{rdb: rdb, stop: func() { rdb.Close() }}
}

func (s *stoppable) Stop() { s.stop() }

func stops() error {
	s := newStoppable()
	defer s.Stop()
	return s.rdb.Ping(ctx).Err()
}

// The app closes what was added to it.
func appClosed() error {
	a := newApp()
	defer a.Close()
	return a.rdb.Ping(ctx).Err()
}

// A client and its end as two results of which one is an interface.
func open() (redis.Cmdable, io.Closer) {
	rdb := redis.NewClient(opts())
	return rdb, rdb
}

func opened() error {
	rdb, closer := open()
	defer closer.Close()
	return rdb.Ping(ctx).Err()
}

// main calls run so that its defers run.
func run() int {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	if rdb.Ping(ctx).Err() != nil {
		return 1
	}
	return 0
}

func exits() { os.Exit(run()) }

// A test helper that registers the end of an owner.
func newTestApp(t *testing.T) *app {
	t.Helper()
	a := newApp()
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func usesTestApp(t *testing.T) {
	newTestApp(t).rdb.Ping(ctx)
}

// The method value of an owner is registered.
func registersMethodValue(t *testing.T) {
	s := newStoppable()
	t.Cleanup(s.Stop)
	s.rdb.Ping(ctx)
}

// A suite opens before each test and closes after it.
type suite struct{ rdb *redis.Client }

func (s *suite) SetupTest()    { s.rdb = redis.NewClient(opts()) }
func (s *suite) TearDownTest() { s.rdb.Close() }

// A cache by name: the one that loses the race is closed.
type byName struct {
	mu sync.RWMutex
	m  map[string]*redis.Client
}

func (b *byName) get(name string) *redis.Client {
	b.mu.RLock()
	rdb, ok := b.m[name]
	b.mu.RUnlock()
	if ok {
		return rdb
	}
	fresh := redis.NewClient(opts())
	b.mu.Lock()
	defer b.mu.Unlock()
	if rdb, ok := b.m[name]; ok {
		fresh.Close()
		return rdb
	}
	b.m[name] = fresh
	return fresh
}

func (b *byName) drop(name string) {
	if rdb, ok := b.m[name]; ok {
		rdb.Close()
		delete(b.m, name)
	}
}

// A struct of settings carries the client to a constructor.
type settings struct {
	client redis.UniversalClient
	name   string
}

func newService(s settings) *service { return &service{settings: s} }

type service struct{ settings settings }

func (s *service) Close() error { return s.settings.client.Close() }

func configured() *service {
	return newService(settings{client: redis.NewClient(opts()), name: "service"})
}

// A result struct carries the client to the caller.
type connection struct {
	Client *redis.Client
	Err    error
}

func connects() connection {
	rdb := redis.NewClient(opts())
	return connection{Client: rdb, Err: rdb.Ping(ctx).Err()}
}

func connected() error {
	c := connects()
	defer c.Client.Close()
	return c.Err
}
