// Package helpers closes for another package.
package helpers

import "github.com/redis/go-redis/v9"

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
