// Package mid stands between helpers and their users, so that facts travel
// over two packages.
package mid

import (
	"context"

	"github.com/redis/go-redis/v9"
	"unclosed/helpers"
)

// Finish closes by way of helpers.Close.
func Finish(rdb *redis.Client) { helpers.Close(rdb) }

// Ready uses by way of helpers.Warm.
func Ready(ctx context.Context, rdb *redis.Client) bool { return helpers.Warm(ctx, rdb) == nil }

// Connect opens by way of helpers.OpenChecked.
func Connect(ctx context.Context) (*redis.Client, error) {
	rdb, err := helpers.OpenChecked(ctx)
	if err != nil {
		return nil, err
	}
	return rdb, nil
}

// Session owns a store.
type Session struct {
	store *helpers.Store
	user  string
}

// NewSession opens a session, which its user must end.
func NewSession(user string) (*Session, error) {
	return &Session{store: helpers.NewStore(user + ":"), user: user}, nil
}

// Read reads.
func (s *Session) Read(ctx context.Context) (string, error) { return s.store.Get(ctx, "data") }

// End shuts the store down.
func (s *Session) End() { s.store.Shutdown() }

// OpenIf opens a client if it is wanted.
func OpenIf(on bool) (*redis.Client, error) {
	if !on {
		return nil, nil
	}
	return redis.NewClient(&redis.Options{}), nil
}
