// Package store takes back what it put on the server by the contexts that it is given.
package store

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

type Store struct{ rdb *redis.Client }

// Reserve holds a lock for as long as it works.
func (s *Store) Reserve(ctx context.Context, key string) error {
	if ok, err := s.rdb.SetNX(ctx, "lock:"+key, 1, time.Minute).Result(); err != nil || !ok {
		return err
	}
	defer s.rdb.Del(ctx, "lock:"+key)
	return s.write(ctx, key)
}

// ReserveAll hands its context on.
func (s *Store) ReserveAll(ctx context.Context, keys []string) error {
	for _, k := range keys {
		if err := s.Reserve(ctx, k); err != nil {
			return err
		}
	}
	return nil
}

// Safe has a context of its own for that.
func (s *Store) Safe(ctx context.Context, key string) error {
	defer s.rdb.Del(context.WithoutCancel(ctx), "lock:"+key)
	return s.write(ctx, key)
}

// Forget does nothing before.
func (s *Store) Forget(ctx context.Context, key string) { defer s.rdb.Del(ctx, key) }

func (s *Store) write(ctx context.Context, key string) error { return s.rdb.Set(ctx, key, 1, 0).Err() }

// A Locker is a lock, whatever it is made of.
type Locker interface {
	TryLock(ctx context.Context, key string) (bool, error)
	Unlock(ctx context.Context, key string) error
}

// RedisLocker is the Locker that there is.
type RedisLocker struct{ rdb *redis.Client }

func (l *RedisLocker) TryLock(ctx context.Context, key string) (bool, error) {
	return l.rdb.SetNX(ctx, key, 1, time.Minute).Result()
}

func (l *RedisLocker) Unlock(ctx context.Context, key string) error { return l.rdb.Del(ctx, key).Err() }

// A Keeper keeps things, in the server or in memory.
type Keeper interface {
	Drop(ctx context.Context, key string)
}

type Remote struct{ rdb *redis.Client }

func (r *Remote) Drop(ctx context.Context, key string) { r.rdb.Del(ctx, key) }

type Local struct{ m map[string]bool }

func (l *Local) Drop(ctx context.Context, key string) { delete(l.m, key) }
