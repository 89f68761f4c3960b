// Package store holds owners whose constructors are called from other packages.
package store

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

type Store interface {
	Get(ctx context.Context, k string) (string, error)
	Close() error
}
type Redis struct {
	c      redis.UniversalClient
	shared bool
}

func (r *Redis) Get(ctx context.Context, k string) (string, error) { return r.c.Get(ctx, k).Result() }
func (r *Redis) Close() error {
	if r.shared {
		return errors.New("shared")
	}
	return r.c.Close()
}
func New(addr string) (Store, error) {
	c := redis.NewClient(&redis.Options{Addr: addr})
	if err := c.Ping(context.Background()).Err(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return &Redis{c: c}, nil
}
func NewConcrete(addr string) *Redis       { return &Redis{c: redis.NewClient(&redis.Options{Addr: addr})} }
func Share(c redis.UniversalClient) *Redis { return &Redis{c: c, shared: true} }

type Logged struct{ Store }

func Log(s Store) *Logged { return &Logged{s} }

type Value struct{ c *redis.Client }

func NewValue() Value                 { return Value{redis.NewClient(&redis.Options{})} }
func (v Value) Close() error          { return v.c.Close() }
func (v Value) Client() *redis.Client { return v.c }

type Multi struct{ All []*Redis }

func (m *Multi) Close() (err error) {
	for _, r := range m.All {
		err = errors.Join(err, r.Close())
	}
	return err
}
func Open(addrs ...string) *Multi {
	m := &Multi{}
	for _, a := range addrs {
		m.All = append(m.All, NewConcrete(a))
	}
	return m
}
