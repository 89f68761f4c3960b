package sealed

import (
	"context"
	"errors"

	"unclosed/sealed/far"
	"unclosed/sealed/store"
)

// The package that hands them out closes them.
func closedThere(ctx context.Context) error {
	s := store.Promoted("a:1")
	defer store.Close(s)
	return s.Save(ctx, "k", "v")
}

func severalClosedThere(ctx context.Context) error {
	s, t := store.Promoted("a:1"), store.Promoted("b:1")
	defer store.CloseAll(map[string]store.Store{"s": s}, t)
	return errors.Join(s.Save(ctx, "k", "v"), t.Save(ctx, "k", "v"))
}

func groupedThere(ctx context.Context) error {
	var g store.Group
	defer g.Close()
	s := g.Add(store.Promoted("a:1"))
	return s.Save(ctx, "k", "v")
}

func stoppedThere(ctx context.Context) error {
	c := store.NewChecker("a:1")
	defer store.Stop(c)
	return c.Check(ctx)
}

func stoppedNowhere(ctx context.Context) error {
	c := store.NewChecker("a:1") // want `c is never stopped`
	return c.Check(ctx)
}

// So does a third package, by way of the second.
func closedFar(ctx context.Context) error {
	s := store.Promoted("a:1")
	defer far.Close(s)
	return s.Save(ctx, "k", "v")
}

func onlyLogged(ctx context.Context) error {
	s := store.Promoted("a:1") // want `s is never closed`
	defer far.Log(s)
	return s.Save(ctx, "k", "v")
}
