package rediscope

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// errLost is why a subscription does not connect anew.
var errLost = errors.New("rediscope: the subscription was lost")

// Subscribe opens a client, subscribes to the channels, calls fn with the
// messages, and closes it all when fn is done, as WithRedis does. Fn is called
// when the server has confirmed the subscription, so that nothing is missed that
// is published from then on.
//
// The messages end, their channel is closed, when ctx ends or the connection is
// lost; it is not opened again, since what was published meanwhile would be
// missing unnoticed. A server that does not answer a ping within the read
// timeout, 5 seconds unless Options say otherwise, is lost. While fn is busy up
// to 100 messages wait for it, and then the server's buffers fill.
//
// Subscribe returns the error of fn. If fn returns nil after the messages or ctx
// have ended, it returns why: the cause of ctx's end, or that the subscription
// was lost.
func Subscribe(ctx context.Context, channels []string, fn func(context.Context, <-chan *redis.Message) error, opts ...Option) error {
	return subscribe(ctx, channels, (*redis.PubSub).Subscribe, fn, opts)
}

// PSubscribe does as Subscribe with patterns of channels. On a ring, both ask the
// server that is responsible for the first name, as go-redis does.
func PSubscribe(ctx context.Context, patterns []string, fn func(context.Context, <-chan *redis.Message) error, opts ...Option) error {
	return subscribe(ctx, patterns, (*redis.PubSub).PSubscribe, fn, opts)
}

func subscribe(ctx context.Context, names []string, to func(*redis.PubSub, context.Context, ...string) error,
	fn func(context.Context, <-chan *redis.Message) error, opts []Option) error {
	c, err := configure(opts)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return errors.New("rediscope: no channel to subscribe to")
	}
	c.apart = true // it lasts
	r := c.begin(1)
	return r.result(r.any(ctx, func(ctx context.Context, rdb redis.UniversalClient) error {
		if ring, ok := rdb.(*redis.Ring); ok {
			shard, err := ring.GetShardClientForKey(names[0])
			if err != nil {
				return err
			}
			rdb = shard
		}
		pubsub := rdb.Subscribe(ctx) // to nothing yet, for it would not tell an error
		defer pubsub.Close()
		if err := to(pubsub, ctx, names...); err != nil {
			return ended(ctx, err)
		}
		if r.dial != nil {
			r.dial.seal(errLost)
		}
		// A read of a subscription waits without end, so the end of the context
		// has to close what it waits for.
		defer context.AfterFunc(ctx, func() { _ = pubsub.Close() })()
		alive := c.patience()
		for range names {
			if _, err := pubsub.ReceiveTimeout(ctx, alive); err != nil {
				return ended(ctx, err)
			}
		}
		s := &subscription{pubsub: pubsub, messages: make(chan *redis.Message, 100), alive: alive, done: make(chan struct{})}
		return s.run(ctx, fn)
	}))
}

// patience is how long a subscription waits for the answer to a ping.
func (c *config) patience() time.Duration {
	if c.shared != nil {
		c = c.shared.config
	}
	d := time.Duration(0)
	switch {
	case c.ring != nil:
		d = c.ring.ReadTimeout
	case c.universal != nil:
		d = c.universal.ReadTimeout
	case c.options != nil:
		d = c.options.ReadTimeout
	}
	if d <= 0 {
		d = limit
	}
	return d
}

// A subscription hands on messages and watches that the server is there.
type subscription struct {
	pubsub   *redis.PubSub
	messages chan *redis.Message
	alive    time.Duration
	heard    atomic.Bool // something was received since the last ping
	full     atomic.Bool // fn does not keep up, and nothing is received
	err      error       // why the messages have ended, once done is closed
	done     chan struct{}
}

func (s *subscription) run(ctx context.Context, fn func(context.Context, <-chan *redis.Message) error) (err error) {
	inner, stop := context.WithCancel(ctx)
	go s.receive(inner)
	silent := make(chan struct{})
	go func() {
		defer close(silent)
		s.ping(inner)
	}()
	defer func() {
		stop()
		_ = s.pubsub.Close() // ends receive; closed already if the context or the server has ended it
		<-s.done
		<-silent
	}()
	if err := fn(ctx, s.messages); err != nil {
		return err
	}
	select {
	case <-s.done:
		return ended(ctx, s.err)
	default:
		return context.Cause(ctx)
	}
}

// receive hands on messages until the connection or the context ends.
func (s *subscription) receive(ctx context.Context) {
	defer close(s.messages)
	defer close(s.done) // before the messages end, so that run finds out why they do
	for {
		v, err := s.pubsub.Receive(ctx)
		if err != nil {
			s.err = fmt.Errorf("%w: %w", errLost, err)
			return
		}
		s.heard.Store(true)
		if m, ok := v.(*redis.Message); ok {
			s.full.Store(true)
			select {
			case s.messages <- m:
				s.full.Store(false)
			case <-ctx.Done():
				s.err = ctx.Err()
				return
			}
		}
	}
}

// ping closes the subscription of a server that is silent.
func (s *subscription) ping(ctx context.Context) {
	t := time.NewTicker(s.alive)
	defer t.Stop()
	for asked := false; ; {
		select {
		case <-s.done:
			return
		case <-ctx.Done():
			return
		case <-t.C:
		}
		switch {
		case s.heard.Swap(false), s.full.Load():
			asked = false
		case asked:
			_ = s.pubsub.Close() // receive says so
			return
		default:
			asked = s.pubsub.Ping(ctx) == nil
		}
	}
}

// ended is why a subscription has ended: its context has, or else err.
func ended(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return explain(ctx, err)
}
