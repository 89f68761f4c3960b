// Package calls shows releases that a panic passes by.
package calls

import (
	"context"
	"errors"
	"io"
	"log"
	"time"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"undeferred/helpers"
)

var ctx = context.Background()

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

func work() error { return errors.New("work") }

// A command may panic, and so may the code around it.
func straight(key string) {
	rdb := redis.NewClient(opts())
	rdb.Del(ctx, key)
	rdb.Close() // want `rdb.Close at line 28 is not deferred: a panic before it leaks the connection; use defer rdb.Close\(\)`
}

// The project's own code in between.
func ownCode() error {
	rdb := redis.NewClient(opts())
	err := work()
	rdb.Close() // want `rdb(\.\w+)? at .* is not deferred`
	return err
}

// Close in the return statement.
func inReturn(key string) error {
	rdb := redis.NewClient(opts())
	rdb.Del(ctx, key)
	return rdb.Close() // want `rdb(\.\w+)? at .* is not deferred`
}

// Close in an expression, after the other operand.
func inExpression() error {
	rdb := redis.NewClient(opts())
	return errors.Join(work(), rdb.Close()) // want `rdb(\.\w+)? at .* is not deferred`
}

// Close in a condition.
func inCondition() {
	rdb := redis.NewClient(opts())
	rdb.Ping(ctx)
	if err := rdb.Close(); err != nil { // want `rdb(\.\w+)? at .* is not deferred`
		log.Println(err)
	}
}

// Close with its error dropped on purpose.
func blank() {
	rdb := redis.NewClient(opts())
	rdb.Ping(ctx)
	_ = rdb.Close() // want `rdb(\.\w+)? at .* is not deferred`
}

// After the error check of a dial.
func dialled() error {
	conn, err := redigo.Dial("tcp", "cache:6379")
	if err != nil {
		return err
	}
	_, err = conn.Do("PING")
	conn.Close() // want `conn(\.\w+)? at .* is not deferred`
	return err
}

// A connection of a pool.
func pooled(pool *redigo.Pool) (string, error) {
	conn := pool.Get()
	s, err := redigo.String(conn.Do("GET", "k"))
	conn.Close() // want `conn(\.\w+)? at .* is not deferred`
	return s, err
}

// A subscription.
func subscription(rdb *redis.Client) error {
	sub := rdb.Subscribe(ctx, "news")
	_, err := sub.ReceiveMessage(ctx)
	sub.Close() // want `sub(\.\w+)? at .* is not deferred`
	return err
}

// The loop is between the open and the close, not around them.
func afterLoop(keys []string) {
	rdb := redis.NewClient(opts())
	for _, key := range keys {
		rdb.Del(ctx, key)
	}
	rdb.Close() // want `rdb(\.\w+)? at .* is not deferred`
}

// Inside a block.
func insideBlock(warm bool) {
	if warm {
		rdb := redis.NewClient(opts())
		rdb.Ping(ctx)
		rdb.Close() // want `rdb(\.\w+)? at .* is not deferred`
	}
}

// Inside a function literal.
func insideLiteral() func() {
	return func() {
		rdb := redis.NewClient(opts())
		rdb.Ping(ctx)
		rdb.Close() // want `rdb(\.\w+)? at .* is not deferred`
	}
}

// Inside a goroutine.
func insideGoroutine() {
	go func() {
		rdb := redis.NewClient(opts())
		rdb.Ping(ctx)
		rdb.Close() // want `rdb(\.\w+)? at .* is not deferred`
	}()
}

func shut(c io.Closer) { _ = c.Close() }

// A plain call of a helper that closes.
func byHelper() {
	rdb := redis.NewClient(opts())
	rdb.Ping(ctx)
	shut(rdb) // want `shut at .* is not deferred`
}

// A helper of another package.
func byOtherPackage() {
	rdb := redis.NewClient(opts())
	rdb.Ping(ctx)
	helpers.Close(rdb) // want `helpers.Close at .* is not deferred`
}

// An owner that is stopped.
func owner() int {
	s := helpers.NewStore()
	n := s.Len()
	s.Stop() // want `s.Stop at .* is not deferred`
	return n
}

// The end of a dedicated client is a function.
func dedicated(client rueidis.Client) error {
	c, cancel := client.Dedicate()
	err := c.Do(ctx, c.B().Ping().Build()).Error()
	cancel() // want `cancel at .* is not deferred`
	return err
}

// A close that is guarded against nil.
func nilGuard(cached bool) {
	var rdb *redis.Client
	if cached {
		rdb = redis.NewClient(opts())
	}
	work()
	if rdb != nil {
		rdb.Close() // want `rdb(\.\w+)? at .* is not deferred`
	}
}

// A client of an interface type.
func universal() error {
	rdb := redis.NewUniversalClient(&redis.UniversalOptions{DialTimeout: time.Second})
	err := rdb.Ping(ctx).Err()
	rdb.Close() // want `rdb(\.\w+)? at .* is not deferred`
	return err
}

// Several plain calls on several paths are one finding, at the first of them.
func eachExit(key string) error {
	rdb := redis.NewClient(opts())
	if err := rdb.Ping(ctx).Err(); err != nil {
		rdb.Close() // want `rdb(\.\w+)? at .* is not deferred`
		return err
	}
	rdb.Incr(ctx, key)
	return rdb.Close()
}

// A defer that comes after the first exit is too late for it.
func deferredLater(key string) error {
	rdb := redis.NewClient(opts())
	if err := rdb.Ping(ctx).Err(); err != nil {
		rdb.Close() // want `rdb(\.\w+)? at .* is not deferred`
		return err
	}
	defer rdb.Close()
	return rdb.Incr(ctx, key).Err()
}

// What works on the way is no pause.
func startedAndUsed(jobs func()) {
	srv := asynq.NewServer(asynq.RedisClientOpt{Addr: "cache:6379"}, asynq.Config{})
	if err := srv.Start(nil); err != nil {
		log.Fatal(err)
	}
	jobs()
	srv.Shutdown() // want `srv.Shutdown at .* is not deferred`
}
