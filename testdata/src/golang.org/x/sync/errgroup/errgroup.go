// Package errgroup is a stub: the signatures the tests need.
package errgroup

import "context"

// Group runs functions.
type Group struct{ err error }

func WithContext(ctx context.Context) (*Group, context.Context) { return &Group{}, ctx }

func (g *Group) Go(f func() error)         { go f() }
func (g *Group) TryGo(f func() error) bool { go f(); return true }
func (g *Group) SetLimit(n int)            {}
func (g *Group) Wait() error               { return g.err }
