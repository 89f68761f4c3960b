// Package app uses owners of other packages: the leak is three calls and two
// packages away.
package app

import (
	"context"
	"unclosed/decorated/store"
	"unclosed/decorated/svc"

	"github.com/redis/go-redis/v9"
)

func a(ctx context.Context) (string, error) {
	s, err := svc.New("x") // want `(never closed|can never be closed)`
	if err != nil {
		return "", err
	}
	return s.Get(ctx, "k")
}
func b(ctx context.Context) (string, error) {
	s, err := svc.New("x")
	if err != nil {
		return "", err
	}
	defer s.Close()
	return s.Get(ctx, "k")
}
func c(ctx context.Context) { svc.Must("x").Get(ctx, "k") } // want `(never closed|can never be closed)`
func d() {
	c := redis.NewClient(&redis.Options{}) // want `(never closed|can never be closed)`
	s := store.Share(c)
	defer s.Close()
}
func e() {
	v := store.NewValue() // want `(never closed|can never be closed)`
	v.Client().Ping(context.Background())
}
func f() {
	v := store.NewValue()
	defer v.Close()
	v.Client().Ping(context.Background())
}
func g() {
	m := store.Open("a", "b") // want `(never closed|can never be closed)`
	m.All[0].Get(context.Background(), "x")
}
func h() {
	m := store.Open("a", "b")
	defer m.Close()
}
func i() error {
	p, err := svc.Group("a", "b") // want `(never closed|can never be closed)`
	if err != nil {
		return err
	}
	p.A.Close()
	return nil
}
func j() error {
	p, err := svc.Group("a", "b")
	if err != nil {
		return err
	}
	defer p.Close()
	return nil
}
func k(ctx context.Context) {
	s, _ := store.New("a") // want `(never closed|can never be closed)`
	l := store.Log(s)
	l.Get(ctx, "x")
}
func l(ctx context.Context) {
	s, err := store.New("a")
	if err != nil {
		return
	}
	l := store.Log(s)
	defer l.Close()
	l.Get(ctx, "x")
}
