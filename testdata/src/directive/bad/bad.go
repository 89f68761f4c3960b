// Package bad has directives that do not do what they seem to do.
package bad

import (
	"context"

	"github.com/redis/go-redis/v9"
)

//lint:file-ignore singleton there is none in this file // want `unused lint:file-ignore for singleton; delete it`

func noReason() {
	/* want `lint:ignore unclosed needs a reason to take effect` */ //lint:ignore unclosed
	rdb := redis.NewClient(&redis.Options{})
	_ = rdb
}

func noSuchRule() {
	//lint:ignore unclsed it is spelt wrong // want `lint:ignore names unknown rule unclsed; did you mean unclosed\?`
	rdb := redis.NewClient(&redis.Options{})
	_ = rdb
}

func capital() {
	//lint:ignore Unclosed names are in lower case // want `lint:ignore names unknown rule Unclosed; did you mean unclosed\?`
	rdb := redis.NewClient(&redis.Options{})
	_ = rdb
}

func inListWithOurs() {
	//lint:ignore unclosed,errcheck only one of them is a rule // want `lint:ignore names unknown rule errcheck`
	rdb := redis.NewClient(&redis.Options{})
	_ = rdb
}

func nothingToSilence() {
	//lint:ignore unclosed it is closed below // want `unused lint:ignore for unclosed; delete it`
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
}

func oneOfTwo() {
	//lint:ignore undeferred,unclosed one of them is enough // want `unused lint:ignore for undeferred; delete it`
	rdb := redis.NewClient(&redis.Options{})
	_ = rdb
}

func behindCode() {
	rdb := redis.NewClient(&redis.Options{}) //lint:ignore unclosed it is closed below // want `unused lint:ignore for unclosed; delete it`
	defer rdb.Close()
}

func notAboutTheLineBelow() {
	//lint:ignore unclosed an empty line is between them // want `unused lint:ignore for unclosed; delete it`

	rdb := redis.NewClient(&redis.Options{})
	_ = rdb
}

// The whole of a function is not silenced by a line above it.
//
//lint:ignore unclosed this is about the head only // want `unused lint:ignore for unclosed; delete it`
func headOnly() {
	rdb := redis.NewClient(&redis.Options{})
	_ = rdb
}

func block(ctx context.Context) {
	//lint:ignore unclosed this is about the condition only // want `unused lint:ignore for unclosed; delete it`
	if ctx.Err() == nil {
		rdb := redis.NewClient(&redis.Options{})
		_ = rdb
	}
}

func literal() func() {
	//lint:ignore unclosed this is about the return, not about what is in the function // want `unused lint:ignore for unclosed; delete it`
	return func() {
		rdb := redis.NewClient(&redis.Options{})
		_ = rdb
	}
}
