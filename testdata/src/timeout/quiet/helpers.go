package quiet

import (
	"testing"

	goredis "github.com/redis/go-redis/v9"
)

// A helper of tests.
func forTests(t testing.TB, addr string) *goredis.Client {
	t.Helper()
	return goredis.NewClient(&goredis.Options{Addr: addr})
}
