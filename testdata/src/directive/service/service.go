// Package service has directives for rules that its profile does not ask.
package service

import (
	"context"

	"github.com/redis/go-redis/v9"
)

//lint:ignore singleton the profile does not ask for it
var count int

func closed(ctx context.Context) error {
	//lint:ignore undeferred the profile does not ask for it
	//lint:ignore unclosed the profile asks for this one // want `unused lint:ignore for unclosed`
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return rdb.Incr(ctx, "n").Err()
}
