package opens

import (
	"testing"

	"github.com/redis/go-redis/v9"
)

func TestTable(t *testing.T) {
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) {
			rdb := redis.NewClient(opts)
			defer rdb.Close()
			rdb.Ping(ctx)
		})
	}
}

func TestMany(t *testing.T) {
	for range 100 {
		rdb := redis.NewClient(opts)
		rdb.Ping(ctx)
		rdb.Close()
	}
}
