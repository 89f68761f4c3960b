package defers

import (
	"fmt"
	"log"
	"sync"

	"github.com/redis/go-redis/v9"
)

// A deferred closure.
func closure() error {
	rdb := redis.NewClient(opts())
	defer func() { _ = rdb.Close() }()
	return work()
}

// A deferred closure that looks at the error of Close.
func closureLogs() error {
	rdb := redis.NewClient(opts())
	defer func() {
		if err := rdb.Close(); err != nil {
			log.Println(err)
		}
	}()
	return work()
}

// A deferred closure with a condition that does not matter.
func irrelevantCondition(verbose bool) error {
	rdb := redis.NewClient(opts())
	defer func() {
		if verbose {
			log.Println("closing")
		}
		rdb.Close()
	}()
	return work()
}

// Both branches of the deferred closure close.
func bothBranches(verbose bool) error {
	rdb := redis.NewClient(opts())
	defer func() {
		if verbose {
			log.Println(rdb.Close())
		} else {
			rdb.Close()
		}
	}()
	return work()
}

// recover first, Close always.
func recovers() (err error) {
	rdb := redis.NewClient(opts())
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
		rdb.Close()
	}()
	return work()
}

// The nil check inside the deferred closure can only succeed.
func nilCheckInside() error {
	rdb := redis.NewClient(opts())
	defer func() {
		if rdb != nil {
			rdb.Close()
		}
	}()
	return work()
}

// A defer inside a deferred closure.
func nested() error {
	rdb := redis.NewClient(opts())
	defer func() {
		defer rdb.Close()
		work()
	}()
	return work()
}

// A deferred closure that gets the client as an argument.
func argument() error {
	rdb := redis.NewClient(opts())
	defer func(c *redis.Client) { c.Close() }(rdb)
	return work()
}

// A deferred helper.
func deferredHelper() error {
	rdb := redis.NewClient(opts())
	defer helper(rdb)
	return work()
}

// A deferred method value.
func methodValue() error {
	rdb := redis.NewClient(opts())
	done := rdb.Close
	defer done()
	return work()
}

// Closed by the guard on failure, by hand on success.
func guardAndHand() (err error) {
	rdb := redis.NewClient(opts())
	defer func() {
		if err != nil {
			rdb.Close()
		}
	}()
	if err = work(); err != nil {
		return err
	}
	rdb.Close()
	return nil
}

// Closed by the guard on failure, returned on success.
func guardAndReturn() (rdb *redis.Client, err error) {
	rdb = redis.NewClient(opts())
	defer func() {
		if err != nil {
			rdb.Close()
			rdb = nil
		}
	}()
	if err = work(); err != nil {
		return rdb, err
	}
	return rdb, nil
}

// The closure sees the variable, which is set later.
func variableSetLater() error {
	var rdb *redis.Client
	defer func() { rdb.Close() }()
	rdb = redis.NewClient(opts())
	return rdb.Ping(ctx).Err()
}

// A closure kept in a variable and deferred.
func namedClosure() error {
	rdb := redis.NewClient(opts())
	cleanup := func() { rdb.Close() }
	defer cleanup()
	return work()
}

// A list of cleanups, run by one defer.
func cleanups() error {
	var cleanups []func()
	defer func() {
		for i := len(cleanups) - 1; i >= 0; i-- {
			cleanups[i]()
		}
	}()
	rdb := redis.NewClient(opts())
	cleanups = append(cleanups, func() { rdb.Close() })
	return work()
}

// sync.Once around the Close.
func once() error {
	rdb := redis.NewClient(opts())
	var closing sync.Once
	defer closing.Do(func() { rdb.Close() })
	return work()
}

// Deferred in a branch that is the only one which opened.
func inTheOpeningBranch(cached bool) error {
	if cached {
		rdb := redis.NewClient(opts())
		defer rdb.Close()
	}
	return work()
}

// Deferred in both branches.
func inBothBranches(verbose bool) error {
	rdb := redis.NewClient(opts())
	if verbose {
		defer func() { log.Println(rdb.Close()) }()
	} else {
		defer rdb.Close()
	}
	return work()
}

// A deferred goroutine would be odd, a deferred print is not: builtins are no
// releases, and no harm.
func builtin() error {
	rdb := redis.NewClient(opts())
	defer println("done")
	defer rdb.Close()
	return work()
}
