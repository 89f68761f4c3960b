package goroutines

import (
	"context"
	"sync"
	"time"

	"escape/scopes"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"
)

// A WaitGroup.
func waitGroup(keys []string) error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		var wg sync.WaitGroup
		for _, k := range keys {
			wg.Add(1)
			go func() {
				defer wg.Done()
				rdb.Incr(ctx, k)
			}()
		}
		wg.Wait()
		return nil
	})
}

// A deferred Wait.
func deferred() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		var wg sync.WaitGroup
		defer wg.Wait()
		wg.Add(1)
		go func() {
			defer wg.Done()
			work(rdb)
		}()
		return rdb.Ping(ctx).Err()
	})
}

// An errgroup.
func waitedGroup(keys []string) error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		g, ctx := errgroup.WithContext(ctx)
		for _, k := range keys {
			g.Go(func() error { return rdb.Incr(ctx, k).Err() })
		}
		return g.Wait()
	})
}

// A channel that is read.
func channel() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		done := make(chan error, 1)
		go func() { done <- rdb.Ping(ctx).Err() }()
		return <-done
	})
}

// A channel in a select statement.
func selected() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		done := make(chan error, 1)
		go func() { done <- rdb.Ping(ctx).Err() }()
		select {
		case err := <-done:
			return err
		case <-time.After(time.Second):
			return context.DeadlineExceeded
		}
	})
}

// A channel that is ranged over.
func ranged(keys []string) error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		results := make(chan string)
		go func() {
			defer close(results)
			for _, k := range keys {
				results <- rdb.Get(ctx, k).Val()
			}
		}()
		for range results {
		}
		return nil
	})
}

// A function that waits.
func collect(results <-chan string) {
	for range results {
	}
}

func handedOn() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		results := make(chan string)
		go func() {
			defer close(results)
			results <- rdb.Get(ctx, "k").Val()
		}()
		collect(results)
		return nil
	})
}

// A goroutine that does not use the client.
func other() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		name := rdb.Get(ctx, "name").Val()
		go func() { println(name) }()
		return nil
	})
}

// A goroutine with a client of its own.
func own() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		go func() {
			rdb := redis.NewClient(&redis.Options{})
			defer rdb.Close()
			rdb.Incr(ctx, "n")
		}()
		return rdb.Ping(ctx).Err()
	})
}

// A server that the callback runs as long as it is asked to.
type server struct{}

func (server) ListenAndServe() error { return nil }

func serves() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		go work(rdb)
		return server{}.ListenAndServe()
	})
}

// A callback that never returns.
func endless() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		go work(rdb)
		for {
			rdb.Incr(ctx, "n")
		}
	})
}

// A client that nobody closes.
func lent(rdb *redis.Client, fn func(*redis.Client)) { fn(rdb) }

func noScope(rdb *redis.Client) {
	lent(rdb, func(rdb *redis.Client) { go work(rdb) })
}
