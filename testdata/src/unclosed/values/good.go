package values

import (
	"time"

	"github.com/go-redis/redis/v8"
)

// An alias closes.
func aliasCloses() {
	rdb := redis.NewClient(opts())
	same := rdb
	defer same.Close()
}

// The original closes what the alias uses.
func originalCloses() {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	same := rdb
	same.Ping(ctx)
}

// Overwritten after the Close.
func overwrittenAfterClose() {
	rdb := redis.NewClient(opts())
	rdb.Close()
	rdb = redis.NewClient(&redis.Options{Addr: "other:6379"})
	defer rdb.Close()
}

// Kept under another name before it is overwritten.
func keptThenOverwritten() {
	rdb := redis.NewClient(opts())
	old := rdb
	rdb = redis.NewClient(opts())
	old.Close()
	rdb.Close()
}

// defer binds the value, not the variable.
func deferBindsValue() {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	rdb = redis.NewClient(opts())
	defer rdb.Close()
}

// WithTimeout is another view of the same connections.
func withTimeoutChained() error {
	rdb := redis.NewClient(opts()).WithTimeout(time.Second)
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

// The clone needs no Close of its own.
func withTimeoutClone() error {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	patient := rdb.WithTimeout(time.Minute)
	return patient.Ping(ctx).Err()
}

// Closing the clone closes the original.
func cloneCloses() error {
	rdb := redis.NewClient(opts())
	patient := rdb.WithTimeout(time.Minute)
	defer patient.Close()
	return rdb.Ping(ctx).Err()
}

// A pipeline and a script own nothing.
func pipeline() error {
	rdb := redis.NewClient(opts())
	defer rdb.Close()
	pipe := rdb.Pipeline()
	pipe.Set(ctx, "k", 1, 0)
	_, err := pipe.Exec(ctx)
	redis.NewScript("return 1").Run(ctx, rdb, nil)
	return err
}

// A field of a local struct, closed.
func localFieldClosed() {
	var p pair
	p.primary = redis.NewClient(opts())
	defer p.primary.Close()
	p.primary.Ping(ctx)
}

// Both fields of a local struct, closed.
func bothFieldsClosed() {
	p := pair{primary: redis.NewClient(opts()), replica: redis.NewClient(opts())}
	defer func() {
		p.primary.Close()
		p.replica.Close()
	}()
	p.primary.Ping(ctx)
}

// The address of the variable is used for the Close.
func throughPointer() {
	rdb := redis.NewClient(opts())
	ref := &rdb
	defer (*ref).Close()
	rdb.Ping(ctx)
}

// Returned to the caller, who owns it now.
func returned() *redis.Client {
	rdb := redis.NewClient(opts())
	rdb.Ping(ctx)
	return rdb
}

// Returned at once.
func returnedAtOnce() *redis.Client { return redis.NewClient(opts()) }

// Stored in a package variable: a matter for singleton.
var shared *redis.Client

func stored() {
	rdb := redis.NewClient(opts())
	shared = rdb
}

// A getter of a package variable lends, it does not give.
func lent() *redis.Client { return shared }

func useLent() error { return lent().Ping(ctx).Err() }

// Written through an out parameter.
func outParameter(out **redis.Client) {
	*out = redis.NewClient(opts())
}

// A parameter belongs to the caller.
func parameter(rdb *redis.Client) error { return rdb.Ping(ctx).Err() }

// Closed through a conditional expression's two values.
func chosen(first bool) {
	a := redis.NewClient(opts())
	b := redis.NewClient(opts())
	defer a.Close()
	defer b.Close()
	pick := b
	if first {
		pick = a
	}
	pick.Ping(ctx)
}
