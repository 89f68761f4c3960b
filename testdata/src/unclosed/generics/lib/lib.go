// Package lib has generic types that hold whatever they are given. It is read,
// since it has to do with Redis.
package lib

import "github.com/redis/go-redis/v9"

func Ping(rdb *redis.Client) bool { return rdb != nil }

// A Maybe may hold a value.
type Maybe[T any] struct {
	set bool
	val T
}

func Just[T any](v T) Maybe[T] { return Maybe[T]{set: true, val: v} }

func (m Maybe[T]) Get() (T, bool) { return m.val, m.set }

func (m Maybe[T]) Or(other T) T {
	if m.set {
		return m.val
	}
	return other
}

// A Box is one that is passed by its address.
type Box[K comparable, V any] struct {
	key  K
	list []V
}

func NewBox[K comparable, V any](key K, v V) *Box[K, V] { return &Box[K, V]{key, []V{v}} }

func (b *Box[K, V]) First() (v V, ok bool) {
	if len(b.list) == 0 {
		return v, false
	}
	return b.list[0], true
}
