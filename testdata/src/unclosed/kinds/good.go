package kinds

import (
	"iter"

	"github.com/redis/go-redis/v9"
)

// The deferred literal closes what the loop puts in later.
func filledLater(names []string) {
	by := map[string]*redis.Client{}
	defer func() {
		for _, rdb := range by {
			rdb.Close()
		}
	}()
	for _, n := range names {
		by[n] = dial()
	}
}

// The deferred literal calls a helper that does.
func filledLaterHelped(names []string) {
	by := map[string]*redis.Client{}
	defer func() { closeEach(by) }()
	for _, n := range names {
		by[n] = dial()
	}
}

func closeEach(by map[string]*redis.Client) {
	for _, rdb := range by {
		rdb.Close()
	}
}

// A defer in the body of a range over a function runs when the function ends.
func ranged(names iter.Seq[string]) {
	for range names {
		rdb := dial()
		defer rdb.Close()
		rdb.Ping(ctx)
	}
}

// Closed in each iteration of a range over a function.
func rangedClosed(names iter.Seq[string]) {
	for range names {
		rdb := dial()
		rdb.Ping(ctx)
		rdb.Close()
	}
}

// A scope that always closes.
func scope(work func(*redis.Client) error) error {
	rdb := dial()
	defer rdb.Close()
	return work(rdb)
}

// Somebody who only notes what is to be closed has it from here on.
func noted(note func(*redis.Client)) {
	note(dial())
}

// The consumer of an iterator closes.
func clients(n int) iter.Seq[*redis.Client] {
	return func(yield func(*redis.Client) bool) {
		for range n {
			rdb := dial()
			if !yield(rdb) {
				return
			}
		}
	}
}

// A callback of this package closes what it is called with.
func handOver(work func(*redis.Client) error) error {
	rdb := dial()
	return work(rdb)
}

func useHandOver() error {
	return handOver(func(rdb *redis.Client) error {
		defer rdb.Close()
		return rdb.Ping(ctx).Err()
	})
}

type closing struct{ rdb *redis.Client }

func newClosing() closing { return closing{rdb: dial()} }

func (c closing) stop() error { return c.rdb.Close() }
