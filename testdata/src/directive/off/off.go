// Package off has directives for rules that are switched off.
package off

import (
	"context"

	"github.com/redis/go-redis/v9"
)

//lint:ignore singleton,unclosed,undeferred they are switched off
var count int

//lint:ignore singleton,escape one of them is not // want `unused lint:ignore for escape`
func closed(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return rdb.Incr(ctx, "n").Err()
}
