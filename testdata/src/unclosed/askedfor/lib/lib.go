// Package lib has a lazy value. It has no Redis, and is not read.
package lib

import "sync"

// A Lazy makes its value when it is asked for it first.
type Lazy[T any] struct {
	once sync.Once
	make func() (T, error)
	val  T
	err  error
}

func New[T any](fn func() (T, error)) *Lazy[T] { return &Lazy[T]{make: fn} }

func (l *Lazy[T]) Value() (T, error) {
	l.once.Do(func() { l.val, l.err = l.make() })
	return l.val, l.err
}

// Do calls back with it.
func (l *Lazy[T]) Do(fn func(T) error) error {
	v, err := l.Value()
	if err != nil {
		return err
	}
	return fn(v)
}

// Shared keeps it in a table.
func Shared[T any](table map[string]any, fn func() T) func() T {
	table["a"] = fn
	return fn
}
