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

// The variable's type has no method that closes either.
func asCommands(cluster bool) (*commands, error) {
	var client goredis.Cmdable
	if cluster {
		clusterClient := goredis.NewClusterClient(&goredis.ClusterOptions{}) // want `clusterClient is not closed on all paths`
		client = clusterClient
	} else {
		client = goredis.NewClient(opts) // want `client is not closed on all paths`
	}
	if err := client.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return &commands{client: client}, nil
}

type commands struct{ client goredis.Cmdable }

func (c *commands) close() error {
	if closer, ok := c.client.(interface{ Close() error }); ok {
		return closer.Close()
	}
	return nil
}

// Each iteration hands on what it opened, or fails.
var engines []*store

func register(s *store) {
	engines = append(engines, s)
	go s.rdb.Ping(ctx)
}

func setUp(names []string) error {
	for _, name := range names {
		rdb := goredis.NewClient(opts) // want `rdb is not closed on all paths`
		if rdb.Ping(ctx).Err() != nil {
			return fmt.Errorf("%s is not alive", name)
		}
		register(&store{rdb: rdb, name: name})
	}
	return nil
}

// One branch keeps it, and the other forgets it.
func probe() (*commands, error) {
	var client goredis.Cmdable
	c := goredis.NewClient(opts) // want `c is not closed on all paths`
	if err := c.Ping(ctx).Err(); err != nil {
		fmt.Println("a cluster")
	} else {
		client = c
	}
	if client == nil {
		client = goredis.NewClusterClient(&goredis.ClusterOptions{})
	}
	return &commands{client: client}, nil
}

// A goroutine gets it, unless something fails first.
func waitForNews(rdb *goredis.Client) {
	sub := rdb.Subscribe(ctx, "news") // want `sub is not closed on all paths`
	err := work()
	if err != nil {
		fmt.Println(err)
	} else {
		go readNews(sub)
	}
	fmt.Println("ready")
}

func readNews(sub *goredis.PubSub) {
	defer sub.Close()
	sub.Receive(ctx)
}

// There is no other branch yet.
func waitIfAsked(rdb *goredis.Client, asked bool) {
	sub := rdb.Subscribe(ctx, "news") // want `sub is not closed on all paths`
	if asked {
		go readNews(sub)
	}
	fmt.Println("ready")
}
