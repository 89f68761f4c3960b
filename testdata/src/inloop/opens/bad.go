// Package opens opens clients in loops.
package opens

import (
	"context"
	"log"
	"os"

	"inloop/helpers"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

var (
	ctx  = context.Background()
	opts = &redis.Options{}
)

func sharedOptions(keys []string) {
	for _, k := range keys {
		rdb := redis.NewClient(opts) // want `rdb is opened on every iteration; open it once before the loop`
		rdb.Del(ctx, k)
		rdb.Close()
	}
}

func literalOptions(keys []string) error {
	for _, k := range keys {
		rdb := redis.NewClient(&redis.Options{Addr: "localhost:6379", DB: 2}) // want `rdb is opened on every iteration`
		err := rdb.Del(ctx, k).Err()
		rdb.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func counted(addr string) {
	for i := 0; i < 10; i++ {
		rdb := redis.NewClient(&redis.Options{Addr: addr}) // want `rdb is opened on every iteration`
		rdb.Set(ctx, "k", i, 0)
		rdb.Close()
	}
}

func fromEnvironment(keys []string) {
	for range keys {
		rdb := redis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")}) // want `rdb is opened on every iteration`
		rdb.Ping(ctx)
		_ = rdb.Close()
	}
}

func cluster(keys []string) {
	for _, k := range keys {
		c := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{"a", "b"}}) // want `c is opened on every`
		c.Del(ctx, k)
		c.Close()
	}
}

func pool(keys []string) {
	for range keys {
		p := &redigo.Pool{Dial: func() (redigo.Conn, error) { return redigo.Dial("tcp", "a") }} // want `p is opened on every`
		p.Stats()
		p.Close()
	}
}

func dialed(keys []string) error {
	for _, k := range keys {
		c, err := redigo.Dial("tcp", "localhost:6379") // want `c is opened on every`
		if err != nil {
			return err
		}
		_, err = c.Do("DEL", k)
		c.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// What fails is logged, and the loop goes on in any case.
func goesOn(keys []string) {
	for _, k := range keys {
		client, err := rueidis.NewClient(rueidis.ClientOption{}) // want `client is opened on every`
		if err != nil {
			log.Println(err)
			continue
		}
		client.Do(ctx, client.B().Del().Key(k).Build())
		client.Close()
	}
}

func byHelper(keys []string) {
	for _, k := range keys {
		rdb := helpers.Open() // want `rdb is opened on every`
		rdb.Del(ctx, k)
		rdb.Close()
	}
}

func byHelperAt(keys []string, addr string) error {
	for _, k := range keys {
		rdb, err := helpers.OpenAt(addr) // want `rdb is opened on every`
		if err != nil {
			return err
		}
		rdb.Del(ctx, k)
		rdb.Close()
	}
	return nil
}

type store struct{ addr string }

func (s *store) open() *redis.Client { return redis.NewClient(&redis.Options{Addr: s.addr}) }

func (s *store) all(keys []string) {
	for _, k := range keys {
		rdb := s.open() // want `rdb is opened on every`
		rdb.Del(ctx, k)
		rdb.Close()
	}
}

// The literal is there to close in each turn.
func inLiteral(keys []string) error {
	for _, k := range keys {
		err := func() error {
			rdb := redis.NewClient(opts) // want `rdb is opened on every`
			defer rdb.Close()
			return rdb.Del(ctx, k).Err()
		}()
		if err != nil {
			return err
		}
	}
	return nil
}

func messages(ch <-chan string) {
	for k := range ch {
		rdb := redis.NewClient(opts) // want `rdb is opened on every`
		rdb.Del(ctx, k)
		rdb.Close()
	}
}

func deferredToo(keys []string) {
	for _, k := range keys {
		rdb := redis.NewClient(opts) // want `rdb is opened on every`
		defer rdb.Close()            // want `defer .* in a loop runs only when the function returns; close rdb at the end of each iteration`
		rdb.Del(ctx, k)
	}
}

func leaked(keys []string) {
	for _, k := range keys {
		rdb := redis.NewClient(opts) // want `rdb is opened on every`
		rdb.Del(ctx, k)
	}
}

func goTo(n int) {
again:
	rdb := redis.NewClient(opts) // want `rdb is opened on every`
	rdb.Ping(ctx)
	rdb.Close()
	if n--; n > 0 {
		goto again
	}
}

// Each turn has an owner of its own.
type session struct{ rdb *redis.Client }

func (s *session) connect()     { s.rdb = redis.NewClient(opts) }
func (s *session) close() error { return s.rdb.Close() }

func sessions(keys []string) {
	for range keys {
		s := &session{}
		s.connect() // want `s is opened on every`
		s.close()
	}
}
