// Package helpers is another package of the same project: what it does to a
// client is known to its importers by facts only.
package helpers

import (
	"context"
	"errors"
	"io"
	"log"
	"os"
	"time"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var defaults = &redis.Options{Addr: "cache:6379", DialTimeout: 5 * time.Second}

// Die ends the process.
func Die(err error) {
	log.Println(err)
	os.Exit(1)
}

// Close closes a client.
func Close(rdb *redis.Client) {
	if err := rdb.Close(); err != nil {
		log.Println("close:", err)
	}
}

// CloseQuietly closes anything that can be closed.
func CloseQuietly(c io.Closer) { _ = c.Close() }

// CloseIfOpen closes what is there.
func CloseIfOpen(rdb *redis.Client) {
	if rdb == nil {
		return
	}
	_ = rdb.Close()
}

// CloseAll closes every one of them.
func CloseAll(clients ...*redis.Client) error {
	var errs []error
	for _, c := range clients {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// CloseSlow closes only what is slow.
func CloseSlow(rdb *redis.Client) {
	if rdb.Options().ReadTimeout > time.Second {
		rdb.Close()
	}
}

// Warm uses a client and leaves it open.
func Warm(ctx context.Context, rdb *redis.Client) error { return rdb.Ping(ctx).Err() }

// Touch uses a connection and leaves it open.
func Touch(c redigo.Conn) error {
	_, err := c.Do("PING")
	return err
}

// Open returns a client that the caller must close.
func Open() *redis.Client { return redis.NewClient(defaults) }

// OpenChecked returns a client that answers, or nothing.
func OpenChecked(ctx context.Context) (*redis.Client, error) {
	rdb := redis.NewClient(defaults)
	if err := rdb.Ping(ctx).Err(); err != nil {
		rdb.Close()
		return nil, err
	}
	return rdb, nil
}

// OpenWithCleanup returns a client and the function that closes it.
func OpenWithCleanup() (*redis.Client, func()) {
	rdb := redis.NewClient(defaults)
	return rdb, func() { _ = rdb.Close() }
}

// Keep stores a client for the life of the process.
func Keep(rdb *redis.Client) { kept = append(kept, rdb) }

var kept []*redis.Client

// Store owns a client.
type Store struct {
	rdb    *redis.Client
	prefix string
}

// NewStore opens a store, which its user must shut down.
func NewStore(prefix string) *Store {
	return &Store{rdb: redis.NewClient(defaults), prefix: prefix}
}

// WrapStore makes a store of an open client.
func WrapStore(rdb *redis.Client) *Store { return &Store{rdb: rdb} }

// Get reads a key.
func (s *Store) Get(ctx context.Context, key string) (string, error) {
	return s.rdb.Get(ctx, s.prefix+key).Result()
}

// Shutdown closes the client.
func (s *Store) Shutdown() error { return s.rdb.Close() }

// View borrows a client: it has no way to close it.
type View struct{ rdb *redis.Client }

// NewView looks through a client that somebody else closes.
func NewView(rdb *redis.Client) *View { return &View{rdb: rdb} }

// Len counts.
func (v *View) Len(ctx context.Context) int64 { return v.rdb.Exists(ctx, "k").Val() }
