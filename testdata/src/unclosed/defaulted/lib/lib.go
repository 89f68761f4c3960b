// Package lib opens a client if it is given none.
package lib

import (
	"context"
	"errors"

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
