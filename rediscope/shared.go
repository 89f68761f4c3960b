package rediscope

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
)

// A Shared is a client that lives as long as its process, as services want it.
// It is an Option: the functions that get it lend this client, and do not open
// and close one. So code can change between a client for each call and one for
// all of them without being rewritten: only where the option is made differs.
//
// The client is other callers' as well. When a context ends without having had a
// deadline, a command that waits for its answer goes on waiting, up to the read
// timeout; a connection cannot be cut for it.
type Shared struct {
	config *config
	rdb    redis.UniversalClient
	dial   *dialing
	closed atomic.Bool
}

// Open makes a client for the life of the process, with the settings of a scope,
// except that its pool is as large as go-redis makes it, and that its
// connections stay open. It connects with its first command. Attempts and RetryIf
// go with the calls, Logger and Trace here or there, and all other options here.
func Open(opts ...Option) (*Shared, error) {
	c, err := configure(opts)
	if err != nil {
		return nil, err
	}
	if c.shared != nil {
		return nil, errors.New("rediscope: a Shared cannot be opened with another")
	}
	c.lasting = true
	s := &Shared{config: c, dial: newDialing(c)}
	s.rdb = c.client(s.dial)
	c.hook(s.rdb, s.dial)
	if err := c.prepare(s.rdb, s.dial); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close closes the client. It is called where the process ends. A second call
// does nothing, nor does that of a Shared that Open did not make.
func (s *Shared) Close() error {
	if s == nil || s.rdb == nil || s.closed.Swap(true) {
		return nil
	}
	opened, cutErr := s.dial.end()
	err := s.rdb.Close()
	if err == nil || errors.Is(err, redis.ErrClosed) {
		err = cutErr
	}
	addr := slog.String("addr", s.config.addr())
	if err != nil {
		s.config.log.LogAttrs(context.Background(), slog.LevelWarn, "redis: failed to disconnect", addr, slog.Any("error", err))
		return fmt.Errorf("rediscope: failed to disconnect: %w", err)
	}
	s.config.log.LogAttrs(context.Background(), slog.LevelDebug, "redis: disconnected", addr, slog.Int("connections", opened))
	return nil
}

func (s *Shared) lend(ctx context.Context, _ *run, fn func(context.Context, redis.UniversalClient) error) error {
	return fn(ctx, s.rdb)
}

func (s *Shared) apply(c *config) {
	if s == nil || s.rdb == nil {
		c.fail(errors.New("rediscope: this Shared was not made by Open"))
		return
	}
	c.shared = s
}
