package paths

import (
	"errors"

	"github.com/redis/go-redis/v9"
)

// The idiom.
func deferClose(key string) error {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	return rdb.Del(ctx, key).Err()
}

// A plain Close on the only path: a matter for undeferred.
func plainClose(key string) {
	rdb := redis.NewClient(opts())
	rdb.Del(ctx, key)
	rdb.Close()
}

// Close in the return statement.
func closeInReturn(key string) error {
	rdb := redis.NewClient(opts())
	rdb.Del(ctx, key)
	return rdb.Close()
}

// Close inside an expression.
func closeInExpression(key string) error {
	rdb := redis.NewClient(opts())
	return errors.Join(rdb.Del(ctx, key).Err(), rdb.Close())
}

// Close in a condition.
func closeInCondition() bool {
	rdb := redis.NewClient(opts())
	rdb.Ping(ctx)
	if err := rdb.Close(); err != nil {
		return false
	}
	return true
}

// Each exit closes for itself.
func eachExitCloses(key string) error {
	rdb := redis.NewClient(opts())
	if err := rdb.Set(ctx, key, 1, 0).Err(); err != nil {
		rdb.Close()
		return err
	}
	if key == "last" {
		_ = rdb.Close()
		return nil
	}
	return rdb.Close()
}

// Deferred for safety, closed early to see the error.
func closeTwice(key string) error {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	if err := rdb.Del(ctx, key).Err(); err != nil {
		return err
	}
	return rdb.Close()
}

// Every case closes, the default too.
func switchAll(mode string) {
	rdb := redis.NewClient(opts())
	switch mode {
	case "read":
		rdb.Close()
	case "write":
		rdb.Set(ctx, "k", 1, 0)
		rdb.Close()
	default:
		rdb.Close()
	}
}

// Whatever falls through reaches the last Close.
func fallsIntoClose(n int) {
	rdb := redis.NewClient(opts())
	switch n {
	case 0:
		rdb.Ping(ctx)
		fallthrough
	default:
		rdb.Close()
	}
}

// Every case of the select closes.
func selectAll(done, next chan int) {
	rdb := redis.NewClient(opts())
	select {
	case <-done:
		rdb.Close()
	case n := <-next:
		rdb.Set(ctx, "n", n, 0)
		rdb.Close()
	}
}

// Nothing gets out of this loop.
func endless(next chan int) {
	rdb := redis.NewClient(opts())
	for n := range 10 {
		rdb.Set(ctx, "n", n, 0)
	}
	for {
		rdb.Set(ctx, "n", <-next, 0)
	}
}

// Opened and closed in each turn.
func loopCloses(keys []string) {
	for _, key := range keys {
		rdb := redis.NewClient(opts())
		rdb.Del(ctx, key)
		rdb.Close()
	}
}

// The turn is a function of its own, so that the defer runs in time.
func loopBodyAsFunction(keys []string) {
	for _, key := range keys {
		func() {
			rdb := redis.NewClient(opts())
			defer rdb.Close()
			rdb.Del(ctx, key)
		}()
	}
}

// continue closes before it jumps.
func continueCloses(keys []string) {
	for _, key := range keys {
		rdb := redis.NewClient(opts())
		if rdb.Exists(ctx, key).Val() == 0 {
			rdb.Close()
			continue
		}
		rdb.Close()
	}
}

// A labelled break out of two loops ends before the Close.
func labelledBreak(groups [][]string) {
	rdb := redis.NewClient(opts())
groups:
	for _, group := range groups {
		for _, key := range group {
			if rdb.Del(ctx, key).Err() != nil {
				break groups
			}
		}
	}
	rdb.Close()
}

// goto jumps to the Close.
func gotoCleanup(n int) {
	rdb := redis.NewClient(opts())
	if n == 0 {
		goto cleanup
	}
	rdb.Set(ctx, "n", n, 0)
cleanup:
	rdb.Close()
}

// The common cleanup label of a longer function.
func gotoOnError(keys []string) (err error) {
	rdb := redis.NewClient(opts())
	for _, key := range keys {
		if err = rdb.Del(ctx, key).Err(); err != nil {
			goto out
		}
	}
	err = rdb.Ping(ctx).Err()
out:
	rdb.Close()
	return err
}

// Opened only sometimes, and the nil check closes exactly what was opened.
func nilGuard(cached bool) {
	var rdb *redis.Client
	if cached {
		rdb = redis.NewClient(opts())
	}
	if rdb != nil {
		rdb.Close()
	}
}

// The same, deferred before the client exists.
func nilGuardDeferred(cached bool) error {
	var rdb *redis.Client
	defer func() {
		if rdb != nil {
			rdb.Close()
		}
	}()
	if cached {
		rdb = redis.NewClient(opts())
		return rdb.Ping(ctx).Err()
	}
	return nil
}

// One condition guards both the open and the close.
func sameFlag(cached bool) {
	var rdb *redis.Client
	if cached {
		rdb = redis.NewClient(opts())
	}
	println("working")
	if cached {
		rdb.Close()
	}
}

// Either branch opens, one defer closes whichever it was.
func eitherBranchClosed(tls bool) {
	var rdb *redis.Client
	if tls {
		rdb = redis.NewClient(&redis.Options{Addr: "cache:6380"})
	} else {
		rdb = redis.NewClient(opts())
	}
	defer rdb.Close()
	rdb.Ping(ctx)
}

// Opened and closed in an inner block, the return is outside.
func innerBlock(warm bool) error {
	if warm {
		rdb := redis.NewClient(opts())
		rdb.Ping(ctx)
		rdb.Close()
	}
	return errors.New("cold")
}

// Parentheses change nothing.
func parenthesised() {
	rdb := (redis.NewClient((opts())))
	defer (rdb.Close)()
	(rdb).Ping(ctx)
}

// A method expression is a call like any other.
func methodExpression() {
	rdb := redis.NewClient(opts())
	defer (*redis.Client).Close(rdb)
	rdb.Ping(ctx)
}
