package main

import (
	"context"
	"crypto/rand"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redislint/redislint/rediscope"
)

// The keys. A job's number is in waiting or in running, never in both, and
// nowhere when the job is done.
const (
	waiting = "jobs:waiting"
	running = "jobs:running"
	job     = "job:" // and the number: a hash of the job's fields
)

const keep = 24 * time.Hour // how long the outcome of a job can be asked for

// A queue is a queue of jobs in Redis. Each of its methods opens a client and
// closes it, unless its option is a *rediscope.Shared; none holds one while a job
// is worked on.
type queue struct {
	opts     []rediscope.Option
	patience time.Duration // how long a worker waits for a job in one scope
}

// A task is a job that a worker has taken.
type task struct {
	ID      string
	Payload string
}

// add queues a job and returns its number. An error means that it may be queued
// or not, but it is never queued twice.
func (q *queue) add(ctx context.Context, payload string) (id string, err error) {
	id = rand.Text()
	err = rediscope.WithRedisRetry(ctx, func(ctx context.Context, rdb *redis.Client) error {
		_, err := rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.HSet(ctx, job+id, "state", "waiting", "payload", payload)
			p.Expire(ctx, job+id, keep)
			p.LPush(ctx, waiting, id)
			return nil
		})
		return err
	}, q.opts...)
	return id, err
}

// A status is what is known of a job.
type status struct {
	State  string `json:"state"` // waiting, running, done, failed, or unknown while Redis is away
	Result string `json:"result,omitempty"`
}

var errNoJob = errors.New("no such job")

// status tells how far a job is. To ask is not worth an error page: when Redis is
// away, the answer is that it is not known.
func (q *queue) status(ctx context.Context, id string) (status, error) {
	return rediscope.WithRedisFallback(ctx, func(ctx context.Context, rdb *redis.Client) (status, error) {
		fields, err := rdb.HGetAll(ctx, job+id).Result()
		if err == nil && len(fields) == 0 {
			err = errNoJob
		}
		return status{fields["state"], fields["result"]}, err
	}, func(_ context.Context, cause error) (status, error) {
		if errors.Is(cause, errNoJob) {
			return status{}, errNoJob
		}
		return status{State: "unknown"}, nil
	}, q.opts...)
}

// take waits a little for a job and returns it, or redis.Nil if there is none.
func (q *queue) take(ctx context.Context) (t task, err error) {
	err = rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		if t.ID, err = rdb.BLMove(ctx, waiting, running, "RIGHT", "LEFT", q.patience).Result(); err != nil {
			return err
		}
		if err := rdb.HSet(ctx, job+t.ID, "state", "running", "since", time.Now().Unix()).Err(); err != nil {
			return err
		}
		t.Payload, err = rdb.HGet(ctx, job+t.ID, "payload").Result()
		return err
	}, q.opts...)
	return t, err
}

// finish writes down the outcome of a job. To write it twice does no harm, so it
// is tried again even if it may have been written.
func (q *queue) finish(ctx context.Context, id, state, result string) error {
	return rediscope.WithRedisRetry(ctx, func(ctx context.Context, rdb *redis.Client) error {
		_, err := rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.HSet(ctx, job+id, "state", state, "result", result)
			p.Expire(ctx, job+id, keep)
			p.LRem(ctx, running, 1, id)
			return nil
		})
		return err
	}, append(q.opts[:len(q.opts):len(q.opts)], rediscope.RetryIf(rediscope.Transient))...)
}

// reclaim puts jobs back whose worker has had them for longer than lease: it has
// probably died. It returns how many.
func (q *queue) reclaim(ctx context.Context, lease time.Duration) (n int, err error) {
	err = rediscope.WithRedis(ctx, func(ctx context.Context, rdb *redis.Client) error {
		ids, err := rdb.LRange(ctx, running, 0, -1).Result()
		if err != nil {
			return err
		}
		for _, id := range ids {
			since, err := rdb.HGet(ctx, job+id, "since").Result()
			if err != nil && !errors.Is(err, redis.Nil) {
				return err
			}
			if at, err := strconv.ParseInt(since, 10, 64); err == nil && time.Since(time.Unix(at, 0)) < lease {
				continue
			}
			back, err := putBack.Run(ctx, rdb, []string{running, waiting, job + id}, id).Int()
			if err != nil {
				return err
			}
			n += back
		}
		return nil
	}, q.opts...)
	return n, err
}

// putBack moves a job, unless somebody else has, or it is done by now.
var putBack = redis.NewScript(`
local n = redis.call("LREM", KEYS[1], 1, ARGV[1])
if n > 0 then
	redis.call("RPUSH", KEYS[2], ARGV[1])
	redis.call("HSET", KEYS[3], "state", "waiting")
end
return n`)
