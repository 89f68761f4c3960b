package tests

import (
	"context"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

// newClient opens a client that the test closes.
func newClient(t *testing.T) *redis.Client {
	t.Helper()
	server := miniredis.RunT(t)
	rdb := redis.NewClient(&redis.Options{Addr: server.Addr()})
	t.Cleanup(func() { rdb.Close() })
	return rdb
}

// setup opens a client and returns what ends it.
func setup(t *testing.T) (*redis.Client, func()) {
	server, err := miniredis.Run()
	if err != nil {
		t.Fatal(err)
	}
	rdb := redis.NewClient(&redis.Options{Addr: server.Addr()})
	return rdb, func() {
		rdb.Close()
		server.Close()
	}
}

// The helper has registered the Close already.
func TestHelper(t *testing.T) {
	rdb := newClient(t)
	if err := rdb.Ping(ctx).Err(); err != nil {
		t.Fatal(err)
	}
}

// The cleanup is deferred.
func TestSetup(t *testing.T) {
	rdb, teardown := setup(t)
	defer teardown()
	rdb.Ping(ctx)
}

// The cleanup is registered.
func TestSetupCleanup(t *testing.T) {
	rdb, teardown := setup(t)
	t.Cleanup(teardown)
	rdb.Ping(ctx)
}

// Subtests share a client.
func TestSubtests(t *testing.T) {
	rdb := redis.NewClient(&redis.Options{Addr: "cache:6379"})
	defer rdb.Close()
	for _, key := range []string{"a", "b"} {
		t.Run(key, func(t *testing.T) { rdb.Del(ctx, key) })
	}
}

// A test leaks like any other function.
func TestForgets(t *testing.T) {
	rdb := redis.NewClient(&redis.Options{Addr: "cache:6379"}) // want `rdb is never closed`
	if err := rdb.Ping(ctx).Err(); err != nil {
		t.Error(err)
	}
}

// TestMain ends the process.
func TestMain(m *testing.M) {
	m.Run()
}

// A goroutine that never ends outlives the test, and keeps the connection open.
func TestListens(t *testing.T) {
	rdb := redis.NewClient(&redis.Options{}) // want `rdb is never closed`
	got := make(chan string, 1)
	go func() {
		for {
			got <- rdb.Get(ctx, "k").Val()
		}
	}()
	if <-got == "" {
		t.Error("nothing came")
	}
}

// The same, and the test closes it.
func TestListensAndCloses(t *testing.T) {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	got := make(chan string, 1)
	go func() {
		for {
			got <- rdb.Get(ctx, "k").Val()
		}
	}()
	if <-got == "" {
		t.Error("nothing came")
	}
}

// The goroutine closes it where it gives up.
func TestListensUntil(t *testing.T) {
	rdb := redis.NewClient(&redis.Options{})
	got := make(chan string, 1)
	go func() {
		for {
			if err := rdb.Ping(context.Background()).Err(); err != nil {
				rdb.Close()
				select {}
			}
			got <- "there"
		}
	}()
	if <-got == "" {
		t.Error("nothing came")
	}
}
