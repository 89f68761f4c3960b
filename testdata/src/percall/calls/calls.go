// Package calls opens clients in each call.
package calls

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

type Store struct {
	addr string
	rdb  *redis.Client
}

func (s *Store) Get(ctx context.Context, key string) (string, error) {
	rdb := redis.NewClient(&redis.Options{Addr: s.addr}) // want `rdb is opened on every call of Get; open it once at startup and share it`
	defer rdb.Close()
	return rdb.Get(ctx, key).Result()
}

func (s *Store) Set(key, value string) error {
	c, err := redigo.Dial("tcp", s.addr) // want `c is opened on every call of Set`
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Do("SET", key, value)
	return err
}

func (s *Store) open() *redis.Client { return redis.NewClient(&redis.Options{Addr: s.addr}) }

func (s *Store) Delete(ctx context.Context, keys ...string) error {
	rdb := s.open() // want `rdb is opened on every call of Delete`
	defer rdb.Close()
	return rdb.Del(ctx, keys...).Err()
}

// Lookup is no method.
func Lookup(key string) string {
	rdb := Open() // want `rdb is opened on every call of Lookup`
	defer rdb.Close()
	return rdb.Get(context.Background(), key).Val()
}

// Open opens a client for somebody else.
func Open() *redis.Client { return redis.NewClient(&redis.Options{}) }

// OpenAt is given the address.
func OpenAt(addr string) *redis.Client { return redis.NewClient(&redis.Options{Addr: addr}) }

// New keeps it.
func New(addr string) *Store { return &Store{addr: addr, rdb: OpenAt(addr)} }

// Connect keeps it as well.
func (s *Store) Connect(addr string) { s.rdb = OpenAt(addr) }

// Probe is told where to.
func Probe(addr string) error {
	rdb := OpenAt(addr)
	defer rdb.Close()
	return rdb.Ping(context.Background()).Err()
}

// Migrate is called once.
func (s *Store) Migrate(version int) error {
	rdb := s.open()
	defer rdb.Close()
	return rdb.Set(context.Background(), "version", version, 0).Err()
}

// With lends its client: that is a decision, not an oversight.
func (s *Store) With(name string, fn func(*redis.Client) error) error {
	rdb := s.open()
	defer rdb.Close()
	return fn(rdb)
}

// Follow goes on until it is told to end.
func (s *Store) Follow(channel string, done chan struct{}) {
	rdb := s.open()
	defer rdb.Close()
	sub := rdb.Subscribe(context.Background(), channel)
	defer sub.Close()
	for {
		select {
		case <-done:
			return
		case <-sub.Channel():
		}
	}
}

// All works on nothing that it is given.
func (s *Store) All(ctx context.Context) []string {
	rdb := s.open()
	defer rdb.Close()
	return []string{rdb.Get(ctx, "all").Val()}
}

func unexported(key string) {
	rdb := Open()
	defer rdb.Close()
	rdb.Del(context.Background(), key)
}
