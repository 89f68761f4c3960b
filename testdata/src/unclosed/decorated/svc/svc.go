// Package svc holds owners of the owners of another package.
package svc

import (
	"context"
	"unclosed/decorated/store"
)

type Service struct{ st store.Store }

func New(addr string) (*Service, error) {
	st, err := store.New(addr)
	if err != nil {
		return nil, err
	}
	return &Service{st: store.Log(st)}, nil
}
func (s *Service) Get(ctx context.Context, k string) (string, error) { return s.st.Get(ctx, k) }
func (s *Service) Close() error                                      { return s.st.Close() }

func Must(addr string) *Service {
	s, err := New(addr)
	if err != nil {
		panic(err)
	}
	return s
}
func Group(addrs ...string) (*Pair, error) {
	return &Pair{A: store.NewConcrete(addrs[0]), b: store.NewConcrete(addrs[1])}, nil
}

type Pair struct{ A, b *store.Redis }

func (p *Pair) Close() { p.A.Close(); p.b.Close() }
