package decorated

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

// A flag that a constructor sets once and for all decides what Close does.
type store struct {
	c      redis.UniversalClient
	shared bool
	name   string
	keep   bool
}

func own() *store                         { return &store{c: redis.NewClient(&redis.Options{}), name: "x"} }
func over(c redis.UniversalClient) *store { return &store{c: c, shared: true, name: "y"} }

func (s *store) Close() error {
	if s.shared {
		return errors.New("shared")
	}
	return s.c.Close()
}

func ownAndClose(ctx context.Context) {
	s := own()
	defer s.Close()
	s.c.Ping(ctx)
}
func ownAndForget(ctx context.Context) {
	s := own() // want `is never closed`
	s.c.Ping(ctx)
}
func lendAndForget(ctx context.Context) {
	r := redis.NewClient(&redis.Options{}) // want `is never closed`
	s := over(r)
	defer s.Close()
	s.c.Ping(ctx)
}
func lendAndClose(ctx context.Context) {
	r := redis.NewClient(&redis.Options{})
	defer r.Close()
	s := over(r)
	defer s.Close()
	s.c.Ping(ctx)
}
func pick(c redis.UniversalClient) *store {
	if c == nil {
		return own()
	}
	return over(c)
}
func pickOwn(ctx context.Context) {
	s := pick(nil)
	defer s.Close()
	s.c.Ping(ctx)
}
func pickLent(ctx context.Context) {
	r := redis.NewClient(&redis.Options{}) // want `is never closed`
	s := pick(r)
	defer s.Close()
	s.c.Ping(ctx)
}

type owned struct {
	c    *redis.Client
	owns bool
}

func with(c *redis.Client) *owned { return &owned{c: c} }
func fresh() *owned               { o := &owned{owns: true}; o.c = redis.NewClient(&redis.Options{}); return o }
func (o *owned) Close() {
	if !o.owns {
		return
	}
	o.c.Close()
}
func setTrue() { o := fresh(); defer o.Close() }
func leftFalse() {
	c := redis.NewClient(&redis.Options{}) // want `is never closed`
	o := with(c)
	o.Close()
}
func setByCaller() {
	c := redis.NewClient(&redis.Options{})
	o := with(c)
	o.owns = true
	o.Close()
}

type option func(*store)

func use(c redis.UniversalClient) option { return func(s *store) { s.c, s.keep = c, true } }

// Options may have set the flag, which tells who releases.
func configured(ctx context.Context, opts ...option) (*store, error) {
	s := &store{}
	for _, o := range opts {
		o(s)
	}
	if s.c == nil {
		s.c = redis.NewClient(&redis.Options{})
	}
	if err := s.c.Ping(ctx).Err(); err != nil {
		if !s.keep {
			s.c.Close()
		}
		return nil, err
	}
	return s, nil
}

// Nothing asks the flag when the ping fails.
func configuredAndForgotten(ctx context.Context, opts ...option) (*store, error) {
	s := &store{}
	for _, o := range opts {
		o(s)
	}
	if s.c == nil {
		s.c = redis.NewClient(&redis.Options{}) // want `not closed on all paths`
	}
	if s.keep {
		println("kept")
	}
	if err := s.c.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// A scheduler keeps the owner with the flag in turn, and reads none itself.
type scheduler struct {
	c  redis.UniversalClient
	st *store
}

func newScheduler() *scheduler { return &scheduler{} }

func schedule(c redis.UniversalClient) *scheduler {
	s := newScheduler()
	s.c = c
	s.st = over(c)
	return s
}
func scheduleOwn() *scheduler {
	s := newScheduler()
	s.c = redis.NewClient(&redis.Options{})
	s.st = &store{c: s.c, shared: false}
	return s
}
func (s *scheduler) Shutdown() { s.st.Close() }

func schedulerLent(ctx context.Context) {
	r := redis.NewClient(&redis.Options{}) // want `is never closed`
	s := schedule(r)
	defer s.Shutdown()
	s.c.Ping(ctx)
}
func schedulerLentAndClosed(ctx context.Context) {
	r := redis.NewClient(&redis.Options{})
	defer r.Close()
	s := schedule(r)
	defer s.Shutdown()
	s.c.Ping(ctx)
}
func schedulerOwn(ctx context.Context) {
	s := scheduleOwn()
	defer s.Shutdown()
	s.c.Ping(ctx)
}
