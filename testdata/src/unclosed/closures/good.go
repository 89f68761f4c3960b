package closures

import (
	"fmt"
	"log"

	"github.com/redis/go-redis/v9"
)

// A literal that closes, called.
func called() error {
	rdb := redis.NewClient(opts())
	cleanup := func() { rdb.Close() }
	defer cleanup()
	return work()
}

// A literal that closes, called on each path.
func calledOnEachPath(fast bool) error {
	rdb := redis.NewClient(opts())
	finish := func(err error) error {
		rdb.Close()
		return err
	}
	if fast {
		return finish(nil)
	}
	return finish(work())
}

// A method value that is called.
func methodValueCalled() error {
	rdb := redis.NewClient(opts())
	done := rdb.Close
	if err := work(); err != nil {
		done()
		return err
	}
	return done()
}

// A literal opens, the function around it closes.
func openedInsideClosedOutside() error {
	var rdb *redis.Client
	func() {
		rdb = redis.NewClient(opts())
	}()
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

// The function literal closes its parameter.
func literalParameter() {
	rdb := redis.NewClient(opts())
	func(c *redis.Client) {
		defer c.Close()
		c.Ping(ctx)
	}(rdb)
}

// shut closes.
func shut(rdb *redis.Client) {
	if err := rdb.Close(); err != nil {
		log.Println(err)
	}
}

// shutDeep closes by way of shut.
func shutDeep(what string, rdb *redis.Client) {
	fmt.Println("closing", what)
	shut(rdb)
}

// A helper closes.
func helper() error {
	rdb := redis.NewClient(opts())
	defer shut(rdb)
	return work()
}

// A helper's helper closes.
func helperDeep() error {
	rdb := redis.NewClient(opts())
	defer shutDeep("cache", rdb)
	return work()
}

// A helper closes without defer.
func helperPlain() {
	rdb := redis.NewClient(opts())
	shutDeep("cache", rdb)
}

// A helper closes and returns the error of what it did.
func finishWith(rdb *redis.Client, err error) error {
	if closeErr := rdb.Close(); closeErr != nil && err == nil {
		return closeErr
	}
	return err
}

func helperInReturn() error {
	rdb := redis.NewClient(opts())
	return finishWith(rdb, work())
}

// shutMaybe closes what there is.
func shutMaybe(rdb *redis.Client) {
	if rdb == nil {
		return
	}
	rdb.Close()
}

// A nil-guarded helper.
func helperNilGuard(cached bool) {
	var rdb *redis.Client
	if cached {
		rdb = redis.NewClient(opts())
	}
	defer shutMaybe(rdb)
	work()
}

// countdown closes at the bottom of its recursion.
func countdown(rdb *redis.Client, n int) {
	if n == 0 {
		rdb.Close()
		return
	}
	countdown(rdb, n-1)
}

// A recursive helper that closes.
func recursive() {
	rdb := redis.NewClient(opts())
	countdown(rdb, 3)
}

// even and odd close by each other.
func even(rdb *redis.Client, n int) {
	if n == 0 {
		rdb.Close()
		return
	}
	odd(rdb, n-1)
}

func odd(rdb *redis.Client, n int) {
	if n == 0 {
		rdb.Close()
		return
	}
	even(rdb, n-1)
}

// Mutual recursion.
func mutual() {
	rdb := redis.NewClient(opts())
	even(rdb, 7)
}

// The user of a factory closes.
func factoryUserCloses() error {
	rdb := openDeep()
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

// with opens, lends and closes.
func with(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	return fn(rdb)
}

// The callback's client is not its own.
func callback() error {
	return with(func(rdb *redis.Client) error { return rdb.Ping(ctx).Err() })
}

// The cleanup function is deferred.
func cleanupDeferred() error {
	rdb, cleanup := openWithCleanup()
	defer cleanup()
	return rdb.Ping(ctx).Err()
}

// The cleanup function is handed on to the caller.
func cleanupHandedOn() (*redis.Client, func()) {
	rdb, cleanup := openWithCleanup()
	rdb.Ping(ctx)
	return rdb, cleanup
}

// The client is closed without its cleanup function: that is the same.
func cleanupByHand() error {
	rdb, _ := openWithCleanup()
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

// With an error as the third result.
func cleanupChecked() error {
	rdb, cleanup, err := openChecked()
	if err != nil {
		return err
	}
	defer cleanup()
	return rdb.Ping(ctx).Err()
}

// identity returns what it is given.
func identity(rdb *redis.Client) *redis.Client { return rdb }

// The result of a helper is its argument.
func sameThing() error {
	rdb := identity(redis.NewClient(opts()))
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

// A parameter that is a function may do anything.
func unknownCallee(take func(*redis.Client)) {
	rdb := redis.NewClient(opts())
	take(rdb)
}

// So may the method of an interface.
func unknownMethod(sink interface{ Accept(*redis.Client) }) {
	rdb := redis.NewClient(opts())
	sink.Accept(rdb)
}

// The closure goes to a function that may call it.
func closureGiven(later func(func() error)) {
	rdb := redis.NewClient(opts())
	later(rdb.Close)
}
