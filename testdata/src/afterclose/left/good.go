package left

import (
	"errors"
	"log"
	"net/http"
	"sync"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

// Closed only where it failed.
func onError() (rdb *redis.Client, err error) {
	rdb = redis.NewClient(opts)
	defer func() {
		if err != nil {
			rdb.Close()
		}
	}()
	if err = rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return rdb, nil
}

// It is returned beside the error, which is all that the caller looks at.
func besideError() (rdb *redis.Client, err error) {
	rdb = redis.NewClient(opts)
	defer func() {
		if err != nil {
			rdb.Close()
		}
	}()
	err = rdb.Ping(ctx).Err()
	return rdb, err
}

// A flag says that it is the caller's.
func keep() (rueidis.Client, error) {
	c, err := rueidis.NewClient(rueidis.ClientOption{})
	if err != nil {
		return nil, err
	}
	ok := false
	defer func() {
		if !ok {
			c.Close()
		}
	}()
	if cond {
		return nil, errors.New("no")
	}
	ok = true
	return c, nil
}

// Closed when it panics.
func onPanic() *redis.Client {
	rdb := redis.NewClient(opts)
	defer func() {
		if r := recover(); r != nil {
			rdb.Close()
			panic(r)
		}
	}()
	work()
	return rdb
}

// What it says of itself may leave.
func value() (string, error) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	return rdb.Get(ctx, "k").Result()
}

// The result of a command may leave, too.
func cmd() *redis.StringCmd {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	return rdb.Get(ctx, "k")
}

// To close twice is no use.
func closer() func() {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	rdb.Ping(ctx)
	return func() { rdb.Close() }
}

// The variable is another one's by then.
func swapped() *redis.Client {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	rdb = redis.NewClient(opts)
	return rdb
}

// The variable is emptied.
func emptied() {
	shared = redis.NewClient(opts)
	defer func() {
		shared.Close()
		shared = nil
	}()
	shared.Ping(ctx)
}

// Shared for as long as the call lasts.
func run() error {
	shared = redis.NewClient(opts)
	defer shared.Close()
	return serve()
}

func serve() error { return http.ListenAndServe(":1", nil) }

// The field is for the methods that run calls.
func (s *service) run() error {
	s.rdb = redis.NewClient(opts)
	defer s.rdb.Close()
	log.Print(s.get("k"))
	return nil
}

// A variable that nobody else reads.
var own *redis.Client

func onlyHere() string {
	own = redis.NewClient(opts)
	defer own.Close()
	return own.Get(ctx, "k").Val()
}

// It waits.
func waits(keys []string) {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	var wg sync.WaitGroup
	for _, k := range keys {
		wg.Add(1)
		go func() {
			defer wg.Done()
			rdb.Del(ctx, k)
		}()
	}
	wg.Wait()
}

// It waits for a channel.
func receives() error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	done := make(chan error)
	go func() { done <- rdb.Ping(ctx).Err() }()
	return <-done
}

// The goroutine closes what it uses; the other client is another's.
func handsOver() error {
	rdb, own := redis.NewClient(opts), redis.NewClient(opts)
	defer rdb.Close()
	go func() {
		defer own.Close()
		own.Ping(ctx)
	}()
	return rdb.Ping(ctx).Err()
}

// The handler opens one itself.
func opensLater() http.HandlerFunc {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	n := rdb.Get(ctx, "n").Val()
	return func(w http.ResponseWriter, r *http.Request) {
		rdb := redis.NewClient(opts)
		defer rdb.Close()
		if rdb.Get(r.Context(), "n").Val() > n {
			w.WriteHeader(http.StatusConflict)
		}
	}
}

// The connection goes back, and the pool is returned.
func warmed() *redigo.Pool {
	pool := &redigo.Pool{}
	conn := pool.Get()
	defer conn.Close()
	conn.Do("PING")
	return pool
}

func closeIf(err *error, c *redis.Client) {
	if *err != nil {
		c.Close()
	}
}

// Whether the helper closes hangs on something that it is given.
func onFailure() (rdb *redis.Client, err error) {
	rdb = redis.NewClient(opts)
	defer closeIf(&err, rdb)
	err = rdb.Ping(ctx).Err()
	return rdb, err
}

func work() {}

// A variable of the function around it, for the time of the call.
func attempt(try func(func() error) error) error {
	var rdb *redis.Client
	return try(func() error {
		rdb = redis.NewClient(opts)
		defer rdb.Close()
		return rdb.Ping(ctx).Err()
	})
}

// A field that only this method uses.
type health struct{ rdb *redis.Client }

func (h *health) check() error {
	h.rdb = redis.NewClient(opts)
	defer h.rdb.Close()
	return h.rdb.Ping(ctx).Err()
}

// It runs something that may last as long as the process.
func execute(run func() error) error {
	rdb := redis.NewClient(opts)
	defer rdb.Close()
	go func() {
		rdb.Incr(ctx, "n")
	}()
	return run()
}

func closeWhen(err *error, c *redis.Client) {
	if *err != nil {
		c.Close()
	}
}

// A helper closes it if there was an error.
func byHelperIf() (rdb *redis.Client, err error) {
	rdb = redis.NewClient(opts)
	defer closeWhen(&err, rdb)
	err = rdb.Ping(ctx).Err()
	return rdb, err
}

// A helper of a literal does.
func byHelperInLiteral() (rdb *redis.Client, err error) {
	rdb = redis.NewClient(opts)
	defer func() { closeWhen(&err, rdb) }()
	err = rdb.Ping(ctx).Err()
	return rdb, err
}

// The end of the subscription ends the goroutine that reads it.
func relay(rdb *redis.Client, out func() error) {
	sub := rdb.Subscribe(ctx, "c")
	defer sub.Close()
	go func() {
		for m := range sub.Channel() {
			println(m.Payload)
		}
	}()
	for i := 0; i < 3; i++ {
		rdb.Ping(ctx)
	}
}
