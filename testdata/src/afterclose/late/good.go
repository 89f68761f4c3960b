package late

import (
	"os"
	"os/signal"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// To see the error of Close beside a deferred one.
func twice() error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	if err := rdb.Ping(ctx).Err(); err != nil {
		return err
	}
	return rdb.Close()
}

// The variable is opened again.
func reopened() error {
	rdb := redis.NewClient(opts)
	if err := rdb.Ping(ctx).Err(); err != nil {
		rdb.Close()
		rdb = redis.NewClient(opts)
	}
	defer rdb.Close()
	return rdb.Set(ctx, "k", "v", 0).Err()
}

// Each turn opens its own.
func eachTurn() {
	for range 3 {
		rdb := redis.NewClient(opts)
		rdb.Ping(ctx)
		rdb.Close()
	}
}

// One flag guards both.
func flagged(keep bool) {
	rdb := redis.NewClient(opts)
	if !keep {
		rdb.Close()
	}
	work()
	if keep {
		rdb.Ping(ctx)
		rdb.Close()
	}
}

// Closed when the program is told to end, used until then.
func untilSignal() {
	rdb := redis.NewClient(opts)
	go func() {
		c := make(chan os.Signal, 1)
		signal.Notify(c, os.Interrupt)
		<-c
		rdb.Close()
	}()
	rdb.Ping(ctx)
}

// Its error is asked for, no command is issued.
func askedForErr(pool *redigo.Pool) error {
	conn := pool.Get()
	conn.Close()
	return conn.Err()
}

// What it was opened with may be read.
func settings() string {
	rdb := redis.NewClient(opts)
	rdb.Close()
	return rdb.Options().Addr
}

// Another client is closed.
func another() error {
	a, b := redis.NewClient(opts), redis.NewClient(opts)
	defer b.Close()
	a.Close()
	return b.Ping(ctx).Err()
}

// The branch leaves.
func leaves() error {
	rdb := redis.NewClient(opts)
	if cond {
		rdb.Close()
		return nil
	}
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

// The func that closes may never run.
func perhapsLater(later func(func())) error {
	rdb := redis.NewClient(opts)
	later(func() { rdb.Close() })
	return rdb.Ping(ctx).Err()
}

// Deferred calls run backwards, and these are in order.
func inOrder(key string) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	defer rdb.Del(ctx, key)
	work()
}

// A connection goes back to a pool that lives on.
func nextConn(pool *redigo.Pool) error {
	conn := pool.Get()
	conn.Close()
	conn = pool.Get()
	defer conn.Close()
	_, err := conn.Do("PING")
	return err
}

// A pipeline is made anew in each turn.
func pipelines() {
	for range 3 {
		rdb := redis.NewClient(opts)
		pipe := rdb.Pipeline()
		pipe.Get(ctx, "k")
		pipe.Exec(ctx)
		rdb.Close()
	}
}

// A helper asks first.
func maybe(rdb *redis.Client, closed bool) {
	if !closed {
		rdb.Del(ctx, "k")
	}
}

func asksFirst() {
	rdb := redis.NewClient(opts)
	rdb.Close()
	maybe(rdb, true)
}

// A helper that may call the func that closes, and may not.
func onFailure(err error, f func()) {
	if err != nil {
		f()
	}
}

func closesOnFailure() {
	rdb := redis.NewClient(opts)
	onFailure(rdb.Ping(ctx).Err(), func() { rdb.Close() })
	rdb.Ping(ctx)
	rdb.Close()
}

// Deferred, to run in order.
func pipelineInOrder() {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	pipe := rdb.Pipeline()
	defer pipe.Exec(ctx)
	work()
}

// The owner is opened again.
func reopenedOwner() error {
	o := &owner{redis.NewClient(opts)}
	o.Close()
	o.rdb = redis.NewClient(opts)
	defer o.Close()
	return o.client().Ping(ctx).Err()
}
