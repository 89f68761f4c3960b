// Package lib opens a client if it is given none.
package lib

import (
	"context"
	"errors"
	"io"

	"github.com/redis/go-redis/v9"
)

// A Service closes what it has opened.
type Service struct {
	rdb  redis.UniversalClient
	owns bool
}

// New returns a Service that works with a client, or with one of its own.
func New(rdb redis.UniversalClient) *Service {
	if rdb == nil {
		return &Service{rdb: redis.NewClient(&redis.Options{}), owns: true}
	}
	return &Service{rdb: rdb}
}

// Close closes a client of its own.
func (s *Service) Close() error {
	if s.owns {
		return s.rdb.Close()
	}
	return nil
}

// Ping asks the server.
func (s *Service) Ping(ctx context.Context) error { return s.rdb.Ping(ctx).Err() }

// Or returns a client, or a new one.
func Or(rdb *redis.Client) *redis.Client {
	if rdb != nil {
		return rdb
	}
	return redis.NewClient(&redis.Options{})
}

// Default fills in what is missing.
func Default(rdb *redis.Client) *redis.Client {
	if rdb == nil {
		rdb = redis.NewClient(&redis.Options{})
	}
	return rdb
}

var shared = redis.NewClient(&redis.Options{})

// Shared returns a client, or that of the package.
func Shared(rdb *redis.Client) *redis.Client {
	if rdb == nil {
		return shared
	}
	return rdb
}

// Dial opens one, or shares.
func Dial(own bool) (*redis.Client, error) {
	if !own {
		return shared, nil
	}
	rdb := redis.NewClient(&redis.Options{})
	if err := rdb.Ping(context.Background()).Err(); err != nil {
		rdb.Close()
		return nil, err
	}
	return rdb, nil
}

// Perhaps opens one if it is given none and somebody asks for it.
func Perhaps(rdb *redis.Client, wanted bool) (*Service, error) {
	if rdb == nil {
		if !wanted {
			return &Service{rdb: shared}, nil
		}
		return &Service{rdb: redis.NewClient(&redis.Options{}), owns: true}, nil
	}
	return &Service{rdb: rdb}, errors.New("lib: given")
}

// A Multi has a list of what it closes.
type Multi struct {
	rdb     redis.UniversalClient
	closers []io.Closer
}

// NewMulti opens a client if it is given none.
func NewMulti(rdb redis.UniversalClient) (*Multi, error) {
	m := &Multi{rdb: rdb}
	if rdb == nil {
		own := redis.NewClient(&redis.Options{})
		m.rdb, m.closers = own, append(m.closers, own)
	}
	return m, nil
}

// MultiFrom asks what is in its field.
func MultiFrom(rdb redis.UniversalClient) *Multi {
	m := &Multi{rdb: rdb}
	if m.rdb == nil {
		own := redis.NewClient(&redis.Options{})
		m.rdb, m.closers = own, append(m.closers, own)
	}
	return m
}

// Ping asks the server.
func (m *Multi) Ping(ctx context.Context) error { return m.rdb.Ping(ctx).Err() }

// Close closes what was opened.
func (m *Multi) Close() (err error) {
	for _, c := range m.closers {
		err = errors.Join(err, c.Close())
	}
	return err
}

// Checked returns a client, unless something failed before.
func Checked(before error, rdb *redis.Client) (*redis.Client, error) {
	if before != nil {
		return nil, before
	}
	return rdb, nil
}
