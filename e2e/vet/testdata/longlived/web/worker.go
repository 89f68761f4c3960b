package web

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

type worker struct{ rdb *redis.Client }

func (w *worker) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
		if err := w.rdb.BLPop(ctx, 0, "jobs").Err(); err != nil { // blocking
			return err
		}
	}
}

func (w *worker) bounded(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := w.rdb.BLPop(ctx, 5*time.Second, "jobs").Err(); err != nil && err != redis.Nil {
			return err
		}
	}
	return ctx.Err()
}

func (w *worker) group(ctx context.Context) error {
	for {
		args := &redis.XReadGroupArgs{Group: "g", Consumer: "c", Streams: []string{"s", ">"}}
		err := w.rdb.XReadGroup(ctx, args).Err() // blocking
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return err
		}
	}
}
