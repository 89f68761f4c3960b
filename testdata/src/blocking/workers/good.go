package workers

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

// A bound.
func (w *worker) bounded(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := w.rdb.BLPop(ctx, 5*time.Second, "jobs").Err(); err != nil && err != redis.Nil {
			return err
		}
	}
	return ctx.Err()
}

// A Block.
func (w *worker) block(ctx context.Context) {
	for ctx.Err() == nil {
		w.rdb.XRead(ctx, &redis.XReadArgs{Streams: []string{"s", "$"}, Block: 5 * time.Second})
	}
}

// It does not wait.
func (w *worker) polls(ctx context.Context) {
	for ctx.Err() == nil {
		w.rdb.XRead(ctx, &redis.XReadArgs{Streams: []string{"s", "$"}, Block: -1})
	}
}

// Until the process is killed.
func (w *worker) forever() {
	ctx := context.Background()
	for {
		w.rdb.BLPop(ctx, 0, "jobs")
	}
}

// A context of which nothing is known.
func (w *worker) given(ctx context.Context) error {
	for {
		if err := w.rdb.BLPop(ctx, 0, "jobs").Err(); err != nil {
			return err
		}
	}
}

// What ends the context closes what it waits on.
func (w *worker) interrupted(ctx context.Context) {
	sub := w.rdb.Subscribe(ctx, "c")
	context.AfterFunc(ctx, func() { sub.Close() })
	for ctx.Err() == nil {
		sub.ReceiveMessage(ctx)
	}
}

// A goroutine does.
func interruptedByGoroutine(ctx context.Context, rdb *redis.Client) {
	go func() {
		<-ctx.Done()
		rdb.Close()
	}()
	for ctx.Err() == nil {
		rdb.BLPop(ctx, 0, "jobs")
	}
}

// A library that hears of the end.
func hears(ctx context.Context, c rueidis.Client) {
	for ctx.Err() == nil {
		c.Do(ctx, c.B().Blpop().Key("jobs").Timeout(0).Build())
	}
}

// The channel of the subscription.
func (w *worker) channel(ctx context.Context) {
	sub := w.rdb.Subscribe(ctx, "c")
	defer sub.Close()
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-sub.Channel():
			handle(m.Payload)
		}
	}
}

// Once, and not in a loop.
func (w *worker) once(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return w.rdb.BLPop(ctx, 0, "jobs").Err()
}

// A timeout that is not known.
func (w *worker) configured(ctx context.Context, d time.Duration) {
	for ctx.Err() == nil {
		w.rdb.BLPop(ctx, d, "jobs")
	}
}

// Another context is asked.
func (w *worker) another(ctx context.Context) {
	for ctx.Err() == nil {
		w.rdb.BLPop(context.Background(), 0, "jobs")
	}
}

// A scope may wait in a service: its connection is its own.
func withRedis(ctx context.Context, fn func(*redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return fn(rdb)
}

func scoped(ctx context.Context) error {
	return withRedis(ctx, func(rdb *redis.Client) error {
		time.Sleep(time.Second)
		_, err := http.Get("http://x")
		return err
	})
}

// The func that cancels it is deferred, as it has to be, and that is all.
func habit(rdb *redis.Client) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for {
		rdb.BLPop(ctx, 0, "jobs")
	}
}

// A reader whose subscription is closed by its owner ends with it.
type reader struct{ sub *redis.PubSub }

func (r *reader) run(ctx context.Context) {
	for ctx.Err() == nil {
		if _, err := r.sub.Receive(ctx); err != nil {
			return
		}
	}
}

func (r *reader) stop() { _ = r.sub.Close() }

// The errors of others may be of a context.
func (w *worker) others(ctx context.Context) error {
	job, err := w.rdb.BLPop(ctx, 0, "jobs").Result()
	if err != nil {
		return err
	}
	if err := w.rdb.Set(ctx, "last", job[1], 0).Err(); errors.Is(err, context.Canceled) {
		return nil
	}
	return nil
}

// A context that nobody ends.
func (w *worker) background() {
	if err := w.rdb.BLPop(context.Background(), 0, "jobs").Err(); errors.Is(err, context.Canceled) {
		return
	}
}

// A library that hears of it.
func hearsOnce(ctx context.Context, c rueidis.Client) error {
	err := c.Do(ctx, c.B().Blpop().Key("jobs").Timeout(0).Build()).Error()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// What ends the context closes the subscription.
func (w *worker) closed(ctx context.Context) error {
	sub := w.rdb.Subscribe(ctx, "c")
	stop := context.AfterFunc(ctx, func() { sub.Close() })
	defer stop()
	_, err := sub.ReceiveMessage(ctx)
	return errors.Join(err, ctx.Err())
}

// A goroutine of a function does.
func (w *worker) closedBeside(ctx context.Context) {
	sub := w.rdb.Subscribe(ctx, "c")
	go closeWhenDone(ctx, sub)
	for ctx.Err() == nil {
		sub.ReceiveMessage(ctx)
	}
}

func closeWhenDone(ctx context.Context, sub *redis.PubSub) {
	<-ctx.Done()
	sub.Close()
}
