// Package helpers closes for another package.
package helpers

import (
	"sync"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
)

// Shared closes its client once, however often and by whom it is told to.
type Shared struct {
	rdb    *redis.Client
	mu     sync.Mutex
	closed atomic.Bool
}

// NewShared opens one.
func NewShared() *Shared { return &Shared{rdb: redis.NewClient(&redis.Options{})} }

// Close closes the client. Nothing that comes before can panic.
func (s *Shared) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Swap(true) {
		return nil
	}
	return s.rdb.Close()
}

// Once closes its client once, by a sync.Once.
type Once struct {
	rdb  *redis.Client
	once sync.Once
}

// NewOnce opens one.
func NewOnce() *Once { return &Once{rdb: redis.NewClient(&redis.Options{})} }

// Close closes the client.
func (o *Once) Close() { o.once.Do(func() { o.rdb.Close() }) }

// Close closes a client.
func Close(rdb *redis.Client) { _ = rdb.Close() }

// Store owns a client.
type Store struct{ rdb *redis.Client }

// NewStore opens a store.
func NewStore() *Store { return &Store{rdb: redis.NewClient(&redis.Options{})} }

// Len counts.
func (s *Store) Len() int { return 0 }

// Stop closes the client.
func (s *Store) Stop() { s.rdb.Close() }
