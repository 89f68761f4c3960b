package fixes

import (
	"errors"
	"fmt"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

type store struct {
	rdb  *goredis.Client
	name string
}

func (s *store) close() { s.rdb.Close() }

// A constructor opens, asks, fails, and forgets.
func newStore() (*store, error) {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, fmt.Errorf("ping: %w", err)
	}
	return &store{rdb: rdb}, nil
}

// The second failure, too. On the first there is nothing to close.
func dialStore(addr string) (redis.Conn, error) {
	conn, err := redis.Dial("tcp", addr) // want `conn is not closed on all paths`
	if err != nil {
		return nil, err
	}
	if _, err := conn.Do("PING"); err != nil {
		return nil, err
	}
	if _, err := conn.Do("SELECT", 1); err != nil {
		return nil, err
	}
	return conn, nil
}

// Three returns and a variable that says when all is well.
func unlessDone(name string) (*store, error) {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	if name == "" {
		return nil, errors.New("no name")
	}
	if err := work(); err != nil {
		return nil, err
	}
	return &store{rdb, name}, nil
}

// A named error says it by itself.
func named(name string) (s *store, err error) {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	if name == "" {
		return nil, errors.New("no name")
	}
	return &store{rdb, name}, nil
}

// It is the caller's on another path.
func handedOut(keep bool) *goredis.Client {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	if keep {
		return rdb
	}
	return nil
}

// By the field of what would have been returned.
func byField(name string) (*store, error) {
	s := &store{name: name, rdb: goredis.NewClient(opts)} // want `is not closed on all paths`
	if err := s.rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return s, nil
}

func bySetField(name string) (*store, error) {
	s := &store{name: name}
	s.rdb = goredis.NewClient(opts) // want `s.rdb is not closed on all paths`
	if err := s.rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// What is handed out beside an error is nothing to its caller.
func beside() (*goredis.Client, error) {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	if err := rdb.Ping(ctx).Err(); err != nil {
		return rdb, fmt.Errorf("ping: %w", err)
	}
	return rdb, nil
}

// One of two, either of which is there.
func eitherWay(cluster bool) (goredis.UniversalClient, error) {
	var rdb goredis.UniversalClient
	if cluster {
		rdb = goredis.NewClusterClient(&goredis.ClusterOptions{}) // want `rdb is not closed on all paths`
	} else {
		rdb = goredis.NewClient(opts) // want `rdb is not closed on all paths`
	}
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return rdb, nil
}

// The same return gives both, and the error says which.
func both2() (*store, error) {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	err := rdb.Ping(ctx).Err()
	if err != nil {
		err = fmt.Errorf("ping: %w", err)
	}
	return &store{rdb: rdb}, err
}

// The call in the return fails.
func passedOn() (*store, error) {
	rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
	return wrap(rdb)
}

func wrap(rdb *goredis.Client) (*store, error) {
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return &store{rdb: rdb}, nil
}

// A subscription at the end of a function that keeps it otherwise.
type reader2 struct{ sub *goredis.PubSub }

func (r *reader2) start(rdb *goredis.Client) {
	sub := rdb.Subscribe(ctx, "news") // want `sub is not closed on all paths`
	if _, err := sub.Receive(ctx); err == nil {
		r.sub = sub
		return
	}
	fmt.Println("no news")
}

func (r *reader2) stop() { r.sub.Close() }
