package tests

import (
	"context"
	"testing"

	"github.com/redis/go-redis/v9"
)

// A panic ends the process, and with it the connection.
func TestCount(t *testing.T) {
	rdb := redis.NewClient(opts())
	rdb.Del(context.Background(), "n")
	if n := count(context.Background()); n != 1 {
		t.Error(n)
	}
	if err := rdb.Close(); err != nil {
		t.Error(err)
	}
}
