package rediscope

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
)

// Transient tells whether an error may pass by itself: a connection could not be
// opened, was cut or timed out; the server is loading its data, without a master,
// read-only, or full of clients, or its cluster is down; or it has discarded a
// transaction (EXECABORT), for which it does not tell the reason. Other replies,
// redis.Nil among them, and the end of a context are not transient.
//
// It does not tell whether a command has run.
func Transient(err error) bool {
	if err == nil || isContext(err) || errors.Is(err, redis.ErrClosed) {
		return false
	}
	if isReply(err) {
		return refused(err)
	}
	n := net.Error(nil)
	return errors.As(err, &n) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// retry runs once until it has run, or is not worth another try.
func (c *config) retry(ctx context.Context, once func(*run) error) error {
	c.retrying = true
	for try := 1; ; try++ {
		r := c.begin(try)
		err := once(r)
		more := err != nil && try < c.attempts && ctx.Err() == nil && c.again(r, err)
		if err != nil && try > 1 {
			err = fmt.Errorf("after %d attempts: %w", try, err)
		}
		if !more {
			return r.result(err)
		}
		delay := backoff(c.base, try)
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= delay {
			return r.result(err)
		}
		c.log.LogAttrs(ctx, slog.LevelWarn, "redis: trying again", slog.String("addr", c.addr()),
			slog.Int("attempt", try), slog.Duration("delay", delay), slog.Any("error", err))
		timer := time.NewTimer(delay)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return r.result(&interrupted{err, []error{context.Cause(ctx), ctx.Err()}})
		}
	}
}

// again tells whether what failed is worth another try.
func (c *config) again(r *run, err error) bool {
	if c.retryIf != nil {
		return c.retryIf(err)
	}
	return Transient(err) && !r.ran.Load()
}

// backoff is a random time of up to base, twice, four times, ... base.
func backoff(base time.Duration, try int) time.Duration {
	if base <= 0 {
		return 0
	}
	return rand.N(base<<min(try-1, 10)) + 1
}
