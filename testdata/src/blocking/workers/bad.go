// Package workers waits for jobs, and is told to stop in vain.
package workers

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"

	"github.com/redis/go-redis/v9"
)

type worker struct {
	rdb *redis.Client
	ctx context.Context
}

func handle(job string) {}

// The loop asks whether to stop.
func (w *worker) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
		job, err := w.rdb.BLPop(ctx, 0, "jobs").Result() // want `w.rdb.BLPop blocks without a timeout, and the end of ctx does not interrupt it; pass a few seconds and check ctx.Err\(\) in the loop`
		if err != nil {
			return err
		}
		handle(job[1])
	}
}

// It asks in the condition.
func (w *worker) Consume(ctx context.Context) {
	for ctx.Err() == nil {
		streams, err := w.rdb.XRead(ctx, &redis.XReadArgs{Streams: []string{"s", "$"}}).Result() // want `w.rdb.XRead blocks without a timeout, and the end of ctx does not interrupt it`
		if err != nil {
			log.Print(err)
			continue
		}
		_ = streams
	}
}

// It asks once the command has failed.
func (w *worker) Group(ctx context.Context) {
	for {
		args := &redis.XReadGroupArgs{Group: "g", Consumer: "c", Streams: []string{"s", ">"}, Block: 0}
		if err := w.rdb.XReadGroup(ctx, args).Err(); err != nil { // want `w.rdb.XReadGroup blocks without a timeout`
			if ctx.Err() != nil {
				return
			}
			log.Print(err)
		}
	}
}

// Messages.
func (w *worker) Listen(ctx context.Context) {
	sub := w.rdb.Subscribe(ctx, "c")
	defer sub.Close()
	for {
		msg, err := sub.ReceiveMessage(ctx) // want `sub.ReceiveMessage blocks without a timeout, and the end of ctx does not interrupt it; select on the subscription's Channel and ctx.Done\(\)`
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			handle(msg.Payload)
		}
	}
}

// The context is a field.
func (w *worker) loop() {
	for {
		select {
		case <-w.ctx.Done():
			return
		default:
			w.rdb.BLPop(w.ctx, 0, "jobs") // want `w.rdb.BLPop blocks without a timeout, and the end of w.ctx does not interrupt it`
		}
	}
}

// The process is told to end.
func untilSignal(rdb *redis.Client) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	for {
		job, err := rdb.BLPop(ctx, 0, "jobs").Result() // want `rdb.BLPop blocks without a timeout`
		if err != nil {
			return
		}
		handle(job[1])
	}
}

// A caller cancels it.
func start(rdb *redis.Client) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	go drain(ctx, rdb)
	return cancel
}

func drain(ctx context.Context, rdb *redis.Client) {
	for {
		if err := rdb.BLPop(ctx, 0, "jobs").Err(); err != nil { // want `rdb.BLPop blocks without a timeout`
			return
		}
	}
}

// A helper waits.
func pop(ctx context.Context, rdb *redis.Client) (string, error) {
	job, err := rdb.BLPop(ctx, 0, "jobs").Result()
	if err != nil {
		return "", err
	}
	return job[1], nil
}

func helped(ctx context.Context, rdb *redis.Client) error {
	for {
		job, err := pop(ctx, rdb) // want `pop blocks without a timeout in redis.BLPop, and the end of ctx does not interrupt it`
		if errors.Is(err, context.Canceled) || ctx.Err() != nil {
			return nil
		}
		handle(job)
	}
}

// A literal.
func literal(ctx context.Context, rdb *redis.Client) {
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			default:
				rdb.BLPop(ctx, 0, "jobs") // want `rdb.BLPop blocks without a timeout`
			}
		}
	}()
}

// A handler.
func (w *worker) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	job, err := w.rdb.BLPop(r.Context(), 0, "jobs").Result() // want `w.rdb.BLPop blocks without a timeout while serving a request`
	if err != nil {
		return
	}
	handle(job[1])
}

// It waits once, and expects that the end of the context wakes it.
func (w *worker) next(ctx context.Context) (string, error) {
	job, err := w.rdb.BLPop(ctx, 0, "jobs").Result() // want `w.rdb.BLPop blocks without a timeout, and the end of ctx does not interrupt it; pass a timeout, and repeat until ctx.Err\(\) is not nil`
	if errors.Is(err, redis.Nil) || errors.Is(err, context.Canceled) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return job[1], nil
}

func (w *worker) compares(ctx context.Context) {
	if err := w.rdb.BLPop(ctx, 0, "jobs").Err(); err == context.Canceled { // want `w.rdb.BLPop blocks without a timeout`
		log.Print("stopped")
	}
}

// Nothing else is reported in its caller.
func (w *worker) callsNext(ctx context.Context) {
	for ctx.Err() == nil {
		w.next(ctx)
	}
}

// A goroutine that waits for one message.
func (w *worker) done(ctx context.Context, id string) <-chan string {
	out := make(chan string, 1)
	go func() {
		sub := w.rdb.Subscribe(ctx, id)
		defer sub.Close()
		msg, err := sub.ReceiveMessage(ctx) // want `sub.ReceiveMessage blocks without a timeout, and the end of ctx does not interrupt it; select on the subscription's Channel`
		if err != nil {
			return
		}
		select {
		case out <- msg.Payload:
		case <-ctx.Done():
		}
	}()
	return out
}

// The field has a context that another method cancels.
type pool struct {
	rdb    *redis.Client
	ctx    context.Context
	cancel context.CancelFunc
}

func newPool(rdb *redis.Client) *pool {
	ctx, cancel := context.WithCancel(context.Background())
	return &pool{rdb: rdb, ctx: ctx, cancel: cancel}
}

func (p *pool) Stop() { p.cancel() }

func (p *pool) loop() {
	for {
		if err := p.rdb.BLPop(p.ctx, 0, "jobs").Err(); err != nil { // want `p.rdb.BLPop blocks without a timeout, and the end of p.ctx does not interrupt it`
			return
		}
	}
}
