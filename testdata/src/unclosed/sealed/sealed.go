// Package sealed uses what another package hands out as an interface that lists
// no Close.
package sealed

import (
	"context"
	"io"

	"unclosed/sealed/store"

	"github.com/redis/go-redis/v9"
)

func promoted(ctx context.Context) error {
	s := store.Promoted("a:1") // want `s is never closed`
	return s.Save(ctx, "k", "v")
}

func promotedAsked(ctx context.Context) error {
	s := store.Promoted("a:1")
	if c, ok := s.(io.Closer); ok {
		defer c.Close()
	}
	return s.Save(ctx, "k", "v")
}

func promotedInsisted(ctx context.Context) error {
	s := store.Promoted("a:1")
	defer s.(io.Closer).Close()
	return s.Save(ctx, "k", "v")
}

func declared(ctx context.Context) error {
	s, err := store.Declared("a:1") // want `s is never closed`
	if err != nil {
		return err
	}
	return s.Save(ctx, "k", "v")
}

func declaredAsked(ctx context.Context) error {
	s, err := store.Declared("a:1")
	if err != nil {
		return err
	}
	defer func() {
		if c, ok := s.(interface{ Close() error }); ok {
			_ = c.Close()
		}
	}()
	return s.Save(ctx, "k", "v")
}

func declaredForgotten(ctx context.Context) error {
	s, err := store.Declared("a:1") // want `s is not closed on all paths`
	if err != nil {
		return err
	}
	if err := s.Save(ctx, "k", "v"); err != nil {
		return err
	}
	return s.(io.Closer).Close()
}

func sometimes(ctx context.Context) error {
	s := store.Sometimes("a:1")
	return s.Save(ctx, "k", "v")
}

func sealed(ctx context.Context) error {
	return store.Sealed("a:1").Save(ctx, "k", "v")
}

func open(ctx context.Context) error {
	o := store.Open("a:1") // want `o is never closed`
	return o.Save(ctx, "k", "v")
}

func openClosed(ctx context.Context) error {
	o := store.Open("a:1")
	defer o.Client.Close()
	return o.Save(ctx, "k", "v")
}

func given(ctx context.Context, c *redis.Client) error {
	return store.Given(c).Save(ctx, "k", "v")
}

func held(ctx context.Context) error {
	s := store.Hold("a:1")
	defer store.Drop(s)
	return s.Save(ctx, "k", "v")
}

// App keeps one, and ends it.
type App struct{ store store.Store }

// New returns an App.
func New() *App { return &App{store: store.Promoted("a:1")} }

// Close closes what can be closed.
func (a *App) Close() error {
	if c, ok := a.store.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// Forgetful keeps one, and forgets it.
type Forgetful struct{ store store.Store }

// NewForgetful returns one.
func NewForgetful() *Forgetful {
	return &Forgetful{store: store.Promoted("a:1")} // want `store.Promoted\(...\) is never closed: it is stored in Forgetful.store, and nothing closes it there`
}

// Run uses it.
func (f *Forgetful) Run(ctx context.Context) error { return f.store.Save(ctx, "k", "v") }
