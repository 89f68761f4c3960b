package handover

import (
	"context"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/fx"
	"golang.org/x/sync/errgroup"
)

// The goroutine closes it.
func goroutineOwns() {
	rdb := redis.NewClient(opts())
	go func() {
		defer rdb.Close()
		rdb.Ping(ctx)
	}()
}

// The goroutine waits for the end and closes.
func goroutineWaits(ctx context.Context) *redis.Client {
	rdb := redis.NewClient(opts())
	go func() {
		<-ctx.Done()
		rdb.Close()
	}()
	return rdb
}

// The same where the client is only used here.
func goroutineWaitsUsed(ctx context.Context) error {
	rdb := redis.NewClient(opts())
	go func() {
		<-ctx.Done()
		rdb.Close()
	}()
	return rdb.Ping(ctx).Err()
}

// serve owns its parameter.
func serve(rdb *redis.Client, stop <-chan struct{}) {
	defer rdb.Close()
	<-stop
}

// A function of the package, run as a goroutine, closes.
func goroutineFunctionOwns(stop <-chan struct{}) {
	rdb := redis.NewClient(opts())
	go serve(rdb, stop)
}

// The workers use it, the function closes it after the last.
func waitGroupClosed(keys []string) {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	var wg sync.WaitGroup
	for _, key := range keys {
		wg.Add(1)
		go func() {
			defer wg.Done()
			rdb.Del(ctx, key)
		}()
	}
	wg.Wait()
}

// A goroutine that closes when the workers are done.
func lastOneCloses(keys []string) {
	rdb := redis.NewClient(opts())
	var wg sync.WaitGroup
	for _, key := range keys {
		wg.Add(1)
		go func() {
			defer wg.Done()
			rdb.Del(ctx, key)
		}()
	}
	go func() {
		wg.Wait()
		rdb.Close()
	}()
}

// Sent to whoever reads the channel.
func sent(idle chan<- *redis.Client) {
	rdb := redis.NewClient(opts())
	idle <- rdb
}

// Sent inside a struct.
type ready struct {
	rdb *redis.Client
	err error
}

func sentInside(out chan<- ready) {
	rdb := redis.NewClient(opts())
	out <- ready{rdb: rdb, err: rdb.Ping(ctx).Err()}
}

// A full channel does not take it, so it is closed.
func channelFullClosed(idle chan *redis.Client) {
	rdb := redis.NewClient(opts())
	select {
	case idle <- rdb:
	default:
		rdb.Close()
	}
}

// The test closes it at its end.
func testCleanup(t *testing.T) *redis.Client {
	rdb := redis.NewClient(opts())
	t.Cleanup(func() { rdb.Close() })
	return rdb
}

// The same for a benchmark, used here.
func benchCleanup(b *testing.B) {
	rdb := redis.NewClient(opts())
	b.Cleanup(func() {
		if err := rdb.Close(); err != nil {
			b.Error(err)
		}
	})
	rdb.Ping(ctx)
}

// The application's life cycle closes it.
func lifecycle(lc fx.Lifecycle) *redis.Client {
	rdb := redis.NewClient(opts())
	lc.Append(fx.Hook{
		OnStart: func(ctx context.Context) error { return rdb.Ping(ctx).Err() },
		OnStop:  func(context.Context) error { return rdb.Close() },
	})
	return rdb
}

// A hook made of the method value.
func lifecycleStop(lc fx.Lifecycle) {
	rdb := redis.NewClient(opts())
	lc.Append(fx.StopHook(rdb.Close))
	rdb.Ping(ctx)
}

// The end of a context closes it.
func afterFunc(ctx context.Context) {
	rdb := redis.NewClient(opts())
	context.AfterFunc(ctx, func() { rdb.Close() })
	rdb.Ping(ctx)
}

// A timer closes it.
func timer() {
	rdb := redis.NewClient(opts())
	time.AfterFunc(time.Minute, func() { rdb.Close() })
	rdb.Ping(ctx)
}

// A member of the group closes it.
func groupOwns(ctx context.Context) *errgroup.Group {
	rdb := redis.NewClient(opts())
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		<-ctx.Done()
		return rdb.Close()
	})
	return g
}

// The members use it, the function closes it.
func groupClosed(keys []string) error {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	var g errgroup.Group
	for _, key := range keys {
		g.Go(func() error { return rdb.Del(ctx, key).Err() })
	}
	return g.Wait()
}

// The HTTP server closes it when it is shut down.
func httpShutdown(srv *http.Server) {
	rdb := redis.NewClient(opts())
	srv.RegisterOnShutdown(func() { rdb.Close() })
	rdb.Ping(ctx)
}

// A signal closes it.
func onSignal() {
	rdb := redis.NewClient(opts())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	go func() {
		<-signals
		rdb.Close()
		os.Exit(0)
	}()
	rdb.Ping(ctx)
}

// A function that may run only once.
func onceFunc() error {
	rdb := redis.NewClient(opts())
	done := sync.OnceFunc(func() { rdb.Close() })
	defer done()
	return rdb.Ping(ctx).Err()
}

// The project's own list of things to do at the end.
type closers struct{ list []func() error }

func (c *closers) add(f func() error) { c.list = append(c.list, f) }

func registered(c *closers) *redis.Client {
	rdb := redis.NewClient(opts())
	c.add(rdb.Close)
	return rdb
}

// The same where the client is not returned.
func registeredUsed(c *closers) error {
	rdb := redis.NewClient(opts())
	c.add(func() error { return rdb.Close() })
	return rdb.Ping(ctx).Err()
}

// An atomic pointer of the receiver takes it.
type holder struct{ current atomic.Pointer[redis.Client] }

func (h *holder) open() {
	h.current.Store(redis.NewClient(opts()))
}

// The one it replaces is closed.
func (h *holder) replace() {
	if old := h.current.Swap(redis.NewClient(opts())); old != nil {
		old.Close()
	}
}

func (h *holder) Close() {
	if rdb := h.current.Load(); rdb != nil {
		rdb.Close()
	}
}
