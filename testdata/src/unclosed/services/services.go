// Package services has the larger pieces that applications are made of.
package services

import (
	"context"
	"io"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Stack runs what was deferred to it.
type Stack struct{ fs []func() error }

// Defer adds.
func (s *Stack) Defer(f func() error) { s.fs = append(s.fs, f) }

// Unwind runs them, the last first.
func (s *Stack) Unwind() {
	for i := len(s.fs) - 1; i >= 0; i-- {
		_ = s.fs[i]()
	}
}

// Lazy opens at the first use.
type Lazy struct {
	once sync.Once
	rdb  *redis.Client
	err  error
}

// Get lends.
func (l *Lazy) Get(ctx context.Context) (*redis.Client, error) {
	l.once.Do(func() {
		l.rdb = redis.NewClient(&redis.Options{})
		l.err = l.rdb.Ping(ctx).Err()
	})
	return l.rdb, l.err
}

// Close closes what was opened.
func (l *Lazy) Close() error {
	if l.rdb != nil {
		return l.rdb.Close()
	}
	return nil
}

// Pinger is an owner behind an interface.
type Pinger interface {
	io.Closer
	Check(context.Context) error
}

type pinger struct{ redis.UniversalClient }

func (p pinger) Check(ctx context.Context) error { return p.Ping(ctx).Err() }

// NewPinger opens one of two kinds.
func NewPinger(cluster bool) (Pinger, error) {
	if cluster {
		return pinger{redis.NewClusterClient(&redis.ClusterOptions{})}, nil
	}
	return pinger{redis.NewClient(&redis.Options{})}, nil
}

// Option is an option of a Service.
type Option func(*Service)

// WithClient lends a client to a service.
func WithClient(rdb *redis.Client) Option { return func(s *Service) { s.rdb = rdb } }

// Service uses a client, and owns it when nobody lent one.
type Service struct {
	rdb *redis.Client
	own bool
}

// NewService makes a service.
func NewService(options ...Option) *Service {
	s := &Service{}
	for _, o := range options {
		o(s)
	}
	if s.rdb == nil {
		s.rdb = redis.NewClient(&redis.Options{})
		s.own = true
	}
	return s
}

// Check pings.
func (s *Service) Check(ctx context.Context) error { return s.rdb.Ping(ctx).Err() }

// Close closes the client if it is the service's own.
func (s *Service) Close() error {
	if s.own {
		return s.rdb.Close()
	}
	return nil
}
