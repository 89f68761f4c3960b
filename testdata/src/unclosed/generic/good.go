package generic

import (
	"io"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

// shut closes anything.
func shut[C io.Closer](c C) { _ = c.Close() }

// shutAll closes all of them.
func shutAll[S ~[]C, C io.Closer](all S) {
	for _, c := range all {
		shut(c)
	}
}

// with opens, lends and closes, and returns what the callback made.
func with[T any](fn func(*goredis.Client) (T, error)) (T, error) {
	rdb := goredis.NewClient(opts())
	defer rdb.Close()
	return fn(rdb)
}

// What must returns is closed.
func mustClosed() {
	conn := must(redis.Dial("tcp", "cache:6379"))
	defer conn.Close()
	conn.Do("PING")
}

// A generic helper closes.
func helperCloses() error {
	rdb := goredis.NewClient(opts())
	defer shut(rdb)
	return ping(rdb)
}

// With its type argument spelled out.
func helperClosesExplicit() error {
	rdb := goredis.NewClient(opts())
	defer shut[*goredis.Client](rdb)
	return ping(rdb)
}

// A generic helper closes a slice.
func sliceCloses() {
	all := []*goredis.Client{goredis.NewClient(opts()), goredis.NewClient(opts())}
	defer shutAll(all)
	ping(all[0])
}

// What passes through a generic function is closed.
func sameClosed() error {
	rdb := same(goredis.NewClient(opts()))
	defer rdb.Close()
	return ping(rdb)
}

// A generic owner is closed.
func boxClosed() error {
	b := newBox(goredis.NewClient(opts()))
	defer b.Close()
	return b.get().Ping(ctx).Err()
}

// A generic scope needs nothing of its callers.
func scoped() (string, error) {
	return with(func(rdb *goredis.Client) (string, error) {
		return rdb.Get(ctx, "k").Result()
	})
}
