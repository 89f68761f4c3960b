package shared

import (
	"net/http"

	"afterclose/shared/db"
	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var (
	pool  = &redigo.Pool{}
	fresh *redis.Client
)

// The closer.
func Close(reason string) error {
	client.Set(ctx, "closed", reason, 0)
	return client.Close()
}

// A closer by another name.
func (r *repo) Shutdown(reason string) error {
	r.rdb.Set(ctx, "closed", reason, 0)
	return r.rdb.Close()
}

// It opens what it closes.
func Fresh(key string) string {
	fresh = redis.NewClient(opts)
	defer fresh.Close()
	return fresh.Get(ctx, key).Val()
}

// It opens another one afterwards.
func Reconnect(key string) error {
	err := client.Get(ctx, key).Err()
	client.Close()
	client = redis.NewClient(opts)
	return err
}

// So does what it calls.
func Renew(key string) error {
	err := client.Get(ctx, key).Err()
	client.Close()
	reopen()
	return err
}

func reopen() { client = redis.NewClient(opts) }

// Only where something failed.
func Broken(key string) error {
	if err := client.Get(ctx, key).Err(); err != nil {
		client.Close()
		return err
	}
	return nil
}

// A flag decides.
func Last(key string, last bool) error {
	if last {
		defer client.Close()
	}
	return client.Get(ctx, key).Err()
}

// A connection of a shared pool.
func Pooled(key string) error {
	conn := pool.Get()
	defer conn.Close()
	_, err := conn.Do("GET", key)
	return err
}

// The caller's own.
func Own(key string) error {
	rdb := db.New()
	defer rdb.Close()
	return rdb.Get(ctx, key).Err()
}

// An object that is there for one call.
type query struct{ rdb *redis.Client }

func newQuery() *query { return &query{redis.NewClient(opts)} }

func (q *query) Run(key string) (string, error) {
	defer q.rdb.Close()
	return q.rdb.Get(ctx, key).Result()
}

// A worker owns its client.
type worker struct{ rdb *redis.Client }

func (w *worker) Run() error {
	defer w.rdb.Close()
	for {
		if err := w.rdb.BLPop(ctx, 0, "jobs").Err(); err != nil {
			return err
		}
	}
}

func (w *worker) push(job string) error { return w.rdb.Set(ctx, job, 1, 0).Err() }

// Called once, when the program starts.
func run() error {
	defer client.Close()
	client.Ping(ctx)
	return http.ListenAndServe(":80", nil)
}

// It passes on, and issues no command.
func Handle(next func(*redis.Client) error, key string) error {
	defer client.Close()
	return next(client)
}

// A parameter is its caller's to give away.
func Consume(rdb *redis.Client, key string) error {
	defer rdb.Close()
	return rdb.Del(ctx, key).Err()
}

// What a command of a program is for: the program ends then.
func Print(key string) error {
	defer client.Close()
	return client.Get(ctx, key).Err()
}
