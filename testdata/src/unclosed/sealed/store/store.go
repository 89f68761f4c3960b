// Package store hands wrappers out as interfaces that list no Close.
package store

import (
	"context"
	"errors"
	"io"

	"github.com/redis/go-redis/v9"
)

// A Store is all that a caller sees.
type Store interface {
	Save(ctx context.Context, key, value string) error
}

// client has the methods of the client, Close among them.
type client struct{ *redis.Client }

func (c *client) Save(ctx context.Context, key, value string) error {
	return c.Set(ctx, key, value, 0).Err()
}

// Promoted returns something that whoever asks can close.
func Promoted(addr string) Store {
	return &client{redis.NewClient(&redis.Options{Addr: addr})}
}

type closing struct{ c *redis.Client }

func (c *closing) Save(ctx context.Context, key, value string) error {
	return c.c.Set(ctx, key, value, 0).Err()
}

func (c *closing) Close() error { return c.c.Close() }

// Declared does as well.
func Declared(addr string) (Store, error) {
	if addr == "" {
		return nil, errors.New("store: no address")
	}
	return &closing{redis.NewClient(&redis.Options{Addr: addr})}, nil
}

type other struct{}

func (other) Save(context.Context, string, string) error { return nil }

// Sometimes opens something.
func Sometimes(addr string) Store {
	if addr == "" {
		return other{}
	}
	return Promoted(addr)
}

// Outer has its client in a field that others see, if they have an Outer.
type Outer struct{ Client *redis.Client }

func (o *Outer) Save(ctx context.Context, key, value string) error {
	return o.Client.Set(ctx, key, value, 0).Err()
}

// Sealed returns none.
func Sealed(addr string) Store {
	return &Outer{redis.NewClient(&redis.Options{Addr: addr})} // want `redis.NewClient\(...\) is never closed: it is stored in Outer.Client, and nothing closes it there`
}

// Open returns one.
func Open(addr string) *Outer {
	return &Outer{redis.NewClient(&redis.Options{Addr: addr})}
}

// A Conn is what an inner layer needs.
type Conn interface {
	Put(ctx context.Context, key, value string) error
}

type conn struct{ *redis.Client }

func (c *conn) Put(ctx context.Context, key, value string) error {
	return c.Set(ctx, key, value, 0).Err()
}

type ring struct{ *redis.Ring }

func (c *ring) Put(ctx context.Context, key, value string) error {
	return c.Set(ctx, key, value, 0).Err()
}

func dial(addr string, many bool) (Conn, error) {
	if addr == "" {
		return nil, errors.New("store: no address")
	}
	if many {
		return &ring{redis.NewRing(&redis.RingOptions{Addrs: map[string]string{"a": addr}})}, nil
	}
	return &conn{redis.NewClient(&redis.Options{Addr: addr})}, nil
}

// Layers keeps one interface behind another.
type Layers struct{ Conn Conn }

func (l *Layers) Save(ctx context.Context, key, value string) error {
	return l.Conn.Put(ctx, key, value)
}

// Layered opens one of two.
func Layered(addr string, many bool) (Store, error) {
	c, err := dial(addr, many) // want `c is never closed: it is stored in Layers.Conn, and nothing closes it there`
	if err != nil {
		return nil, err
	}
	return &Layers{Conn: c}, nil
}

// Given is closed by who gave it.
func Given(c *redis.Client) Store { return &Outer{c} }

// Held is closed by its package.
type Held struct{ Client *redis.Client }

func (h *Held) Save(ctx context.Context, key, value string) error {
	return h.Client.Set(ctx, key, value, 0).Err()
}

// Hold returns one.
func Hold(addr string) Store {
	return &Held{redis.NewClient(&redis.Options{Addr: addr})}
}

// Drop ends what Hold began.
func Drop(s Store) {
	if h, ok := s.(*Held); ok {
		h.Client.Close()
	}
}

// Close closes what can be closed.
func Close(s Store) error {
	if c, ok := s.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// CloseAll closes several.
func CloseAll(all map[string]Store, more ...Store) {
	for _, s := range more {
		_ = Close(s)
	}
	for _, s := range all {
		_ = Close(s)
	}
}

// A Group closes what it keeps.
type Group struct{ all []Store }

// Add puts one into the group, and returns it.
func (g *Group) Add(s Store) Store {
	g.all = append(g.all, s)
	return s
}

// Close closes all.
func (g *Group) Close() error {
	CloseAll(nil, g.all...)
	return nil
}

// A Checker checks.
type Checker interface {
	Check(ctx context.Context) error
}

type health struct{ c *redis.Client }

func (h *health) Check(ctx context.Context) error { return h.c.Ping(ctx).Err() }

func (h *health) Stop() { _ = h.c.Close() }

// NewChecker returns one that can be stopped.
func NewChecker(addr string) Checker {
	return &health{redis.NewClient(&redis.Options{Addr: addr})}
}

// Stop stops a Checker that can be.
func Stop(c Checker) {
	if s, ok := c.(interface{ Stop() }); ok {
		s.Stop()
	}
}
