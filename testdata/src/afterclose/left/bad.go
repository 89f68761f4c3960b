// Package left closes by defer what it gives away.
package left

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

var (
	ctx    = context.Background()
	opts   = &redis.Options{}
	shared *redis.Client
	cond   bool
)

// Returned as it is.
func newClient() *redis.Client {
	rdb := redis.NewClient(opts)
	defer rdb.Close() // want `rdb is closed as soon as it is returned at line 26; let the caller close it`
	return rdb
}

// Returned beside an error, once the server has answered.
func connect() (*redis.ClusterClient, error) {
	c := redis.NewClusterClient(&redis.ClusterOptions{})
	defer c.Close() // want `c is closed as soon as it is returned at line 36; let the caller close it`
	if err := c.Ping(ctx).Err(); err != nil {
		return nil, fmt.Errorf("ping: %w", err)
	}
	return c, nil
}

type repo struct {
	name string
	rdb  redis.UniversalClient
}

// In an object of its own.
func newRepo() *repo {
	rdb := redis.NewClient(opts)
	defer func() { _ = rdb.Close() }() // want `rdb is closed as soon as it is returned at line 50`
	r := &repo{name: "r"}
	r.rdb = rdb
	return r
}

// In a list, closed by a helper.
func both() []*redis.Client {
	a, b := redis.NewClient(opts), redis.NewClient(opts)
	defer a.Close() // want `a is closed as soon as it is returned at line 57`
	return []*redis.Client{a, b}
}

func shut(c *redis.Client) { c.Close() }

func byHelper() *redis.Client {
	rdb := redis.NewClient(opts)
	defer shut(rdb) // want `rdb is closed as soon as it is returned at line 65`
	return rdb
}

// The channel of a subscription ends with it.
func messages(rdb *redis.Client) <-chan *redis.Message {
	sub := rdb.Subscribe(ctx, "c")
	defer sub.Close() // want `sub is closed as soon as it is returned at line 72`
	return sub.Channel()
}

// A pipeline runs on the client.
func pipeline() redis.Pipeliner {
	rdb := redis.NewClient(opts)
	defer rdb.Close() // want `rdb is closed as soon as it is returned at line 79`
	return rdb.Pipeline()
}

// The handler uses it.
func handler() http.HandlerFunc {
	rdb := redis.NewClient(opts)
	defer rdb.Close() // want `rdb is closed as soon as it is returned at line 86`
	return func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, rdb.Get(r.Context(), "k").Val())
	}
}

// So does the func in the object.
type lookup struct{ get func(string) (string, error) }

func newLookup(pool *redigo.Pool) *lookup {
	conn := pool.Get()
	defer conn.Close() // want `conn is closed as soon as it is returned at line 97`
	return &lookup{get: func(k string) (string, error) {
		return redigo.String(conn.Do("GET", k))
	}}
}

// A flag that nobody sets.
func flag() (c rueidis.Client, err error) {
	ok := false
	c, err = rueidis.NewClient(rueidis.ClientOption{})
	if err != nil {
		return nil, err
	}
	defer func() { // want `c is closed as soon as it is returned at line 117`
		if !ok {
			c.Close()
		}
	}()
	if cond {
		return nil, errors.New("no")
	}
	return c, nil
}

// Kept in the variable that others read.
func setup() error {
	shared = redis.NewClient(opts)
	defer shared.Close() // want `shared is stored for others, and closed when this function returns; close it where its owner ends`
	return shared.Ping(ctx).Err()
}

func get(k string) string { return shared.Get(ctx, k).Val() }

type service struct{ rdb *redis.Client }

// Kept in the field that the other methods read.
func (s *service) connect() {
	rdb := redis.NewClient(opts)
	defer rdb.Close() // want `rdb is stored for others, and closed when this function returns`
	s.rdb = rdb
}

func (s *service) get(k string) string { return s.rdb.Get(ctx, k).Val() }

// The goroutine is still at work.
func background(keys []string) {
	rdb := redis.NewClient(opts)
	defer rdb.Close() // want `rdb is closed while the goroutine at line 144 may still use it; wait for the goroutine, or close it there`
	go func() {
		for _, k := range keys {
			rdb.Del(ctx, k)
		}
	}()
}

func sweep(rdb *redis.Client) error {
	err := rdb.Del(ctx, "k").Err()
	return err
}

func backgroundHelper() error {
	rdb := redis.NewClient(opts)
	defer rdb.Close() // want `rdb is closed while the goroutine at line 159 may still use it`
	go sweep(rdb)
	return rdb.Ping(ctx).Err()
}
