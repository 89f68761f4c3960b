// Package good has directives that silence something, and those of others.
package good

import (
	"context"

	"github.com/redis/go-redis/v9"
)

//lint:file-ignore singleton,unscoped this file shows other things

var shared = redis.NewClient(&redis.Options{})

func above() {
	//lint:ignore unclosed the process ends here
	rdb := redis.NewClient(&redis.Options{})
	_ = rdb
}

func behind() {
	rdb := redis.NewClient(&redis.Options{}) //lint:ignore unclosed the process ends here
	_ = rdb
}

func aboveWithMore() {
	//lint:ignore unclosed the process ends here
	// This client is for the last message.
	rdb := redis.NewClient(&redis.Options{})
	_ = rdb
}

func aboveManyLines(ctx context.Context) error {
	//lint:ignore unclosed the process ends here
	return send(
		ctx,
		redis.NewClient(&redis.Options{
			Addr: "localhost:6379",
		}).Incr(ctx, "n").Err(),
	)
}

func behindManyLines() {
	rdb := redis.NewClient(&redis.Options{
		Addr: "localhost:6379",
	}) //lint:ignore unclosed the process ends here
	_ = rdb
}

func insideManyLines(ctx context.Context) error {
	return send(
		ctx,
		//lint:ignore unclosed the process ends here
		redis.NewClient(&redis.Options{}).Incr(ctx, "n").Err(),
	)
}

func condition(ctx context.Context) {
	//lint:ignore unclosed the process ends here
	if err := redis.NewClient(&redis.Options{}).Incr(ctx, "n").Err(); err != nil {
		return
	}
}

func two(ctx context.Context) {
	rdb := redis.NewClient(&redis.Options{})
	send(ctx, rdb.Incr(ctx, "n").Err())
	//lint:ignore undeferred,unclosed,directive in one build it is this, in the other that
	rdb.Close()
}

func onlyInOtherBuilds() {
	//lint:ignore unclosed,directive it leaks with another build tag
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
}

func onTwoLines() {
	//lint:ignore directive the next one is for another build tag
	//lint:ignore unclosed it leaks with another build tag
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
}

func ofOthers() {
	//lint:ignore SA1000 this is staticcheck's
	//lint:ignore SA1000,ST1005
	//lint:ignore unused this is a rule of others
	//lint:ignore
	//lint:ignored unclosed this is another word
	// lint:ignore unclosed this is a sentence
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
}

func together() {
	//lint:ignore SA4006,unclosed both have something to say
	rdb := redis.NewClient(&redis.Options{})
	_ = rdb
}

func send(ctx context.Context, err error) error { return err }
