// Package own has assertions of its own, and is read since it has to do with
// Redis.
package own

import (
	"testing"

	"github.com/redis/go-redis/v9"
)

func Ping(rdb *redis.Client) bool { return rdb != nil }

// It ends the test if there is an error.
func NoError(t testing.TB, err error) {
	t.Helper()
	if err == nil {
		return
	}
	t.Fatalf("unexpected: %v", err)
}

// It does so by another.
func Fine(t *testing.T, what string, err error) {
	if what == "" {
		what = "it"
	}
	NoError(t, err)
	t.Log(what)
}

// It does not end the test.
func Soft(t testing.TB, err error) {
	if err != nil {
		t.Log(err)
	}
}

// It panics.
func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
