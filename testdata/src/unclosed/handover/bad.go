// Package handover shows goroutines, channels and registrars that take over a
// resource, or do not.
package handover

import (
	"context"
	"sync"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

// The goroutine uses it, and nobody closes it.
func goroutineUses() {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	go func() {
		rdb.Ping(ctx)
	}()
}

// The goroutine closes it on one path.
func goroutineCloses(done chan struct{}) {
	rdb := redis.NewClient(opts()) // want `rdb is (never|not) closed`
	go func() {
		if rdb.Ping(ctx).Err() != nil {
			return
		}
		rdb.Close()
		close(done)
	}()
}

// The goroutine that closes is not always started.
func goroutineNotStarted(async bool) {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	if async {
		go func() {
			defer rdb.Close()
			rdb.Ping(ctx)
		}()
	}
}

// A function of the package, run as a goroutine, only uses it.
func listen(rdb *redis.Client) {
	for rdb.Ping(ctx).Err() == nil {
		rdb.Incr(ctx, "ticks")
	}
}

func goroutineFunction() {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	go listen(rdb)
}

// All workers use it, the last one to leave does not close it.
func waitGroup(keys []string) {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
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

// The same with an errgroup: its functions only use the client.
func group(keys []string) error {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	var g errgroup.Group
	for _, key := range keys {
		g.Go(func() error { return rdb.Del(ctx, key).Err() })
	}
	return g.Wait()
}

// The error of the group hides the Close.
func groupFails(keys []string) error {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	g, ctx := errgroup.WithContext(ctx)
	for _, key := range keys {
		g.Go(func() error { return rdb.Del(ctx, key).Err() })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return rdb.Close()
}

// A full channel does not take it.
func channelFull(idle chan *redis.Client) {
	rdb := redis.NewClient(opts()) // want `rdb is (never|not) closed`
	rdb.Ping(ctx)
	select {
	case idle <- rdb:
	default:
	}
}

// Sent away on one path, forgotten on the other.
func sentSometimes(idle chan<- *redis.Client, keep bool) {
	rdb := redis.NewClient(opts()) // want `rdb is (never|not) closed`
	if keep {
		idle <- rdb
		return
	}
	rdb.Ping(ctx)
}
