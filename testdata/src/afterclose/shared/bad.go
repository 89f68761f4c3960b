// Package shared closes clients that others go on to use.
package shared

import (
	"context"
	"fmt"
	"net/http"

	"afterclose/shared/db"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

var (
	ctx    = context.Background()
	opts   = &redis.Options{}
	client = redis.NewClient(opts)
	lazy   *redis.ClusterClient
	fast   rueidis.Client
	tasks  = asynq.NewClient(asynq.RedisClientOpt{})
)

// Of the package, by defer.
func Count(key string) (int64, error) {
	defer client.Close() // want `client is shared, but is closed on every call of Count; leave that to its owner`
	return client.Incr(ctx, key).Result()
}

// By a plain call when all went well.
func Name(id int) (string, error) {
	name, err := client.Get(ctx, fmt.Sprint(id)).Result()
	if err != nil {
		return "", err
	}
	client.Close() // want `client is shared, but is closed on every call of Name`
	return name, nil
}

func setup() {
	lazy = redis.NewClusterClient(&redis.ClusterOptions{})
	fast, _ = rueidis.NewClient(rueidis.ClientOption{})
}

// In a literal.
func Visits(page string) int64 {
	defer func() {
		if err := lazy.Close(); err != nil { // want `lazy is shared, but is closed on every call of Visits`
			fmt.Println(err)
		}
	}()
	return lazy.Incr(ctx, page).Val()
}

// By a name of its own.
func Seen(page string) (bool, error) {
	c := fast
	defer c.Close() // want `c is shared, but is closed on every call of Seen`
	err := c.Do(ctx, c.B().Get().Key(page).Build()).Error()
	return err == nil, err
}

type repo struct {
	rdb  redis.UniversalClient
	name string
}

// NewRepo opens the client.
func NewRepo() *repo { return &repo{rdb: redis.NewClient(opts)} }

// Of the receiver, behind an interface.
func (r *repo) Load(key string) (string, error) {
	defer r.rdb.Close() // want `r.rdb is shared, but is closed on every call of Load`
	return r.rdb.Get(ctx, key).Result()
}

func (r *repo) Save(key, value string) error { return r.rdb.Set(ctx, key, value, 0).Err() }

// A handler.
func (r *repo) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	defer r.rdb.Close() // want `r.rdb is shared, but is closed on every call of ServeHTTP`
	fmt.Fprint(w, r.rdb.Get(req.Context(), "k").Val())
}

// What another package shares.
func Remote(key string) (string, error) {
	rdb := db.Client()
	defer rdb.Close() // want `rdb is shared, but is closed on every call of Remote`
	return rdb.Get(ctx, key).Result()
}

func get() *redis.Client { return client }

// What a function of this package shares.
func Local(w http.ResponseWriter, r *http.Request) {
	rdb := get()
	defer rdb.Close() // want `rdb is shared, but is closed on every call of Local`
	rdb.Incr(r.Context(), "n")
}

func one(key string) {
	defer client.Close() // want `client is shared, but is closed on every call of one`
	client.Del(ctx, key)
}

// A loop calls it.
func All(keys []string) {
	for _, k := range keys {
		one(k)
	}
}

// A queue's client.
func Send(id string) (*asynq.TaskInfo, error) {
	defer tasks.Close() // want `tasks is shared, but is closed on every call of Send`
	return tasks.Enqueue(asynq.NewTask("mail", []byte(id)))
}
