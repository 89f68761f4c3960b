package paths

import (
	"context"

	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

// The function just ends, without a return statement.
func implicitEnd() {
	rdb := redis.NewClient(opts()) // want `rdb is never closed \(possible connection leak\)`
	rdb.Set(ctx, "greeting", "hello", 0)
}

// Every path forgets it.
func returnsValue(key string) (string, error) {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	return rdb.Get(ctx, key).Result()
}

// The commonest leak: an error return before the Close.
func errorReturn(key string) error {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths: the return at line 29 leaves it open \(possible connection leak\)`
	if err := rdb.Set(ctx, key, 1, 0).Err(); err != nil {
		return err
	}
	return rdb.Close()
}

// The defer comes after a return.
func deferTooLate(key string) error {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	if key == "" {
		return nil
	}
	defer rdb.Close()
	return rdb.Del(ctx, key).Err()
}

// The defer is registered on one branch only.
func deferOnOneBranch(verbose bool) {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	if verbose {
		defer rdb.Close()
	}
	rdb.Ping(ctx)
}

// Closed when it fails, forgotten when it works.
func closedOnFailureOnly() error {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	if err := rdb.Ping(ctx).Err(); err != nil {
		rdb.Close()
		return err
	}
	return nil
}

// One case of the switch forgets.
func switchForgets(mode string) {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	switch mode {
	case "read":
		rdb.Get(ctx, "k")
		rdb.Close()
	case "write":
		rdb.Set(ctx, "k", 1, 0)
	default:
		rdb.Close()
	}
}

// Every case closes, but no case may match.
func switchWithoutDefault(mode string) {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	switch mode {
	case "read":
		rdb.Close()
	case "write":
		rdb.Close()
	}
}

// A fallthrough passes by the Close of the case it leaves.
func fallsThrough(n int) {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	switch n {
	case 0:
		fallthrough
	case 1:
		rdb.Ping(ctx)
	default:
		rdb.Close()
	}
}

// One case of the type switch forgets.
func typeSwitch(v any) {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	switch v := v.(type) {
	case string:
		rdb.Set(ctx, v, 1, 0)
		rdb.Close()
	case []string:
		rdb.Del(ctx, v...)
	default:
		rdb.Close()
	}
}

// One case of the select forgets.
func selectForgets(done, next chan int) {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	select {
	case <-done:
		return
	case n := <-next:
		rdb.Set(ctx, "n", n, 0)
		rdb.Close()
	}
}

// An endless loop that can be left.
func endlessButLeft(done, next chan int) {
	rdb := redis.NewClient(opts()) // want `rdb is never closed`
	for {
		select {
		case <-done:
			return
		case n := <-next:
			rdb.Set(ctx, "n", n, 0)
		}
	}
}

// A new client for each turn.
func loopNeverCloses(keys []string) {
	for _, key := range keys {
		rdb := redis.NewClient(opts()) // want `rdb is never closed`
		rdb.Del(ctx, key)
	}
}

// continue jumps over the Close.
func continueSkips(keys []string) {
	for _, key := range keys {
		rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
		if rdb.Exists(ctx, key).Val() == 0 {
			continue
		}
		rdb.Del(ctx, key)
		rdb.Close()
	}
}

// break jumps over the Close.
func breakSkips(keys []string) {
	for _, key := range keys {
		rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
		if rdb.Del(ctx, key).Err() != nil {
			break
		}
		rdb.Close()
	}
}

// A labelled continue leaves the inner loop and the Close behind it.
func labelledContinue(groups [][]string) {
groups:
	for _, group := range groups {
		rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
		for _, key := range group {
			if rdb.Del(ctx, key).Err() != nil {
				continue groups
			}
		}
		rdb.Close()
	}
}

// goto jumps over the Close.
func gotoSkips(n int) {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	if n == 0 {
		goto done
	}
	rdb.Set(ctx, "n", n, 0)
	rdb.Close()
done:
	println("done", n)
}

// A return inside a range loop, the Close behind the loop.
func returnInRange(keys []string) error {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	for _, key := range keys {
		if err := rdb.Del(ctx, key).Err(); err != nil {
			return err
		}
	}
	return rdb.Close()
}

// The right-hand side of && need not run.
func shortCircuit(quiet bool) bool {
	rdb := redis.NewClient(opts()) // want `rdb is not closed on all paths`
	rdb.Ping(ctx)
	return !quiet && rdb.Close() == nil
}

// Both branches open, nobody closes.
func eitherBranch(tls bool) {
	var rdb *redis.Client
	if tls {
		rdb = redis.NewClient(&redis.Options{Addr: "cache:6380"}) // want `rdb is never closed`
	} else {
		rdb = redis.NewClient(opts()) // want `rdb is never closed`
	}
	rdb.Ping(ctx)
}

// Opened under one condition, closed under another.
func unrelatedConditions(cached, tidy bool) {
	var rdb *redis.Client
	if cached {
		rdb = redis.NewClient(opts()) // want `rdb is not closed on all paths`
		rdb.Ping(ctx)
	}
	if tidy && rdb != nil {
		rdb.Close()
	}
}

// The function hidden in a go statement leaks like any other.
func insideGoroutine() {
	go func() {
		rdb := redis.NewClient(opts()) // want `rdb is never closed`
		rdb.Ping(ctx)
	}()
}
