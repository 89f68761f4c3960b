package opens

import (
	"errors"
	"fmt"
	"time"

	"inloop/helpers"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

func once(keys []string) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	for _, k := range keys {
		rdb.Del(ctx, k)
	}
}

// Each turn is about another server.
func eachAddress(addrs []string) {
	for _, addr := range addrs {
		rdb := redis.NewClient(&redis.Options{Addr: addr})
		rdb.Ping(ctx)
		rdb.Close()
	}
}

func eachPort() {
	for i := 0; i < 3; i++ {
		rdb := redis.NewClient(&redis.Options{Addr: fmt.Sprintf("localhost:%d", 7000+i)})
		rdb.Ping(ctx)
		rdb.Close()
	}
}

func eachDatabase() {
	o := redis.Options{}
	for db := range 16 {
		o.DB = db
		rdb := redis.NewClient(&o)
		rdb.Ping(ctx)
		rdb.Close()
	}
}

func eachByHelper(addrs map[string]bool) error {
	for addr := range addrs {
		rdb, err := helpers.OpenAt(addr)
		if err != nil {
			return err
		}
		rdb.Ping(ctx)
		rdb.Close()
	}
	return nil
}

// The clients are kept.
func kept(addrs []string) []*redis.Client {
	var list []*redis.Client
	for range addrs {
		rdb := redis.NewClient(opts)
		list = append(list, rdb)
	}
	return list
}

func keptInMap(names []string) map[string]*redis.Client {
	m := map[string]*redis.Client{}
	for _, n := range names {
		m[n] = redis.NewClient(opts)
	}
	return m
}

// The loop leaves when it has succeeded.
func retry() (*redis.Client, error) {
	for i := 0; i < 5; i++ {
		rdb := redis.NewClient(opts)
		if err := rdb.Ping(ctx).Err(); err == nil {
			return rdb, nil
		}
		rdb.Close()
	}
	return nil, errors.New("no answer")
}

func retryDial() redigo.Conn {
	for {
		c, err := redigo.Dial("tcp", "a")
		if err != nil {
			continue
		}
		if _, err := c.Do("PING"); err != nil {
			c.Close()
			continue
		}
		return c
	}
}

func retryWork() (err error) {
	for i := 0; i < 3; i++ {
		rdb := redis.NewClient(opts)
		err = rdb.Set(ctx, "k", "v", 0).Err()
		rdb.Close()
		if err == nil {
			break
		}
	}
	return err
}

// Between two turns the client would be idle.
func polls() {
	for {
		rdb := redis.NewClient(opts)
		rdb.Ping(ctx)
		rdb.Close()
		time.Sleep(time.Minute)
	}
}

func ticks(t *time.Ticker) {
	for range t.C {
		rdb := redis.NewClient(opts)
		rdb.Ping(ctx)
		rdb.Close()
	}
}

// A goroutine has its own.
func workers() {
	for range 4 {
		go func() {
			rdb := redis.NewClient(opts)
			defer rdb.Close()
			rdb.Ping(ctx)
		}()
	}
}

// A connection from a pool is cheap.
func pooled(p *redigo.Pool, keys []string) {
	for _, k := range keys {
		c := p.Get()
		c.Do("DEL", k)
		c.Close()
	}
}

func subscriptions(rdb *redis.Client, channels []string) {
	for _, ch := range channels {
		sub := rdb.Subscribe(ctx, ch)
		sub.ReceiveMessage(ctx)
		sub.Close()
	}
}

// It leaves in the first turn.
func first(keys []string) error {
	for _, k := range keys {
		rdb := redis.NewClient(opts)
		defer rdb.Close()
		return rdb.Del(ctx, k).Err()
	}
	return nil
}

// What it opens comes from somewhere else each time.
func fromNext(next func() *redis.Options) {
	for o := next(); o != nil; o = next() {
		rdb := redis.NewClient(o)
		rdb.Ping(ctx)
		rdb.Close()
	}
}

// The loop is elsewhere.
func behind(keys []string) {
	for range keys {
	}
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	rdb.Ping(ctx)
}

// It looks for one that is good enough.
func goodEnough() *redis.Client {
	var rdb *redis.Client
	for {
		rdb = redis.NewClient(opts)
		if pong, _ := rdb.Ping(ctx).Result(); pong != "PONG" {
			rdb.Close()
			continue
		}
		break
	}
	return rdb
}

// A loop within a loop: each turn of the inner one opens another database, also
// where a jump makes the outer one.
func againEachDatabase(again func() bool) {
restart:
	for db := range 16 {
		rdb := redis.NewClient(&redis.Options{DB: db})
		rdb.Ping(ctx)
		rdb.Close()
		if again() {
			goto restart
		}
	}
}
