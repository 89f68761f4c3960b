// Package goroutines shows goroutines that outlive the scope, and those that
// the callback waits for.
package goroutines

import (
	"context"
	"sync"
	"time"

	"escape/scopes"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"
)

var ctx = context.Background()

func work(rdb *redis.Client) { rdb.Incr(ctx, "n") }

// A literal.
func literal() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		go func() { // want `goroutine may use \S+ after .* has closed it`
			rdb.Incr(ctx, "n")
		}()
		return nil
	})
}

// A function that is handed the client.
func function() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		go work(rdb) // want `goroutine may use \S+ after .* has closed it`
		return rdb.Ping(ctx).Err()
	})
}

// A parameter of the literal.
func parameter() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		go func(rdb *redis.Client) { // want `goroutine may use \S+ after .* has closed it`
			rdb.Incr(ctx, "n")
		}(rdb)
		return nil
	})
}

// A subscription.
func subscription() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		sub := rdb.Subscribe(ctx, "news")
		go func() { // want `goroutine may use \S+ after .* has closed it`
			for range sub.Channel() {
			}
		}()
		return nil
	})
}

// Waited for when the client is closed already.
func tooLate() error {
	var wg sync.WaitGroup
	err := scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		wg.Add(1)
		go func() { // want `goroutine may use \S+ after .* has closed it`
			defer wg.Done()
			rdb.Incr(ctx, "n")
		}()
		return nil
	})
	wg.Wait()
	return err
}

// A group that is waited for outside.
func group() error {
	var g errgroup.Group
	if err := scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		g.Go(func() error { return rdb.Ping(ctx).Err() }) // want `goroutine may use \S+ after .* has closed it`
		return nil
	}); err != nil {
		return err
	}
	return g.Wait()
}

// A timer.
func timer() error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		time.AfterFunc(time.Second, func() { rdb.Incr(ctx, "n") }) // want `goroutine may use \S+ after .* has closed it`
		return nil
	})
}

// In a loop.
func loop(keys []string) error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		for _, k := range keys {
			go rdb.Incr(ctx, k) // want `goroutine may use \S+ after .* has closed it`
		}
		return nil
	})
}

// Waited for before it is started.
func before(ready <-chan struct{}) error {
	return scopes.WithRedis(ctx, func(rdb *redis.Client) error {
		<-ready
		go work(rdb) // want `goroutine may use \S+ after .* has closed it`
		return nil
	})
}
