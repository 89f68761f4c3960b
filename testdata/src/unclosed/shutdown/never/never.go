// Package never opens clients for a service, and never closes them: the end of
// the process does. What works in the background has to be told to stop.
package never

import (
	"context"
	"net/http"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

var ctx = context.Background()

var initialised = redis.NewClient(&redis.Options{})

var inInit *redis.Client

func init() { inInit = redis.NewClient(&redis.Options{}) }

var lazy *redis.Client

func get() *redis.Client {
	if lazy == nil {
		lazy = redis.NewClient(&redis.Options{})
	}
	return lazy
}

func useLazy() { get().Ping(ctx) }

var pool *redigo.Pool

func setup() {
	pool = &redigo.Pool{Dial: func() (redigo.Conn, error) { return redigo.Dial("tcp", "a") }}
}

func usePool() {
	c := pool.Get()
	defer c.Close()
	c.Do("PING")
}

var client rueidis.Client

func connect() error {
	c, err := rueidis.NewClient(rueidis.ClientOption{})
	if err != nil {
		return err
	}
	client = c
	return nil
}

var cluster redis.UniversalClient = redis.NewClusterClient(&redis.ClusterOptions{})

func serve(w http.ResponseWriter, r *http.Request) {
	initialised.Ping(ctx)
	inInit.Ping(ctx)
	ping(cluster)
	if err := client.Do(ctx, client.B().Ping().Build()).Error(); err != nil {
		return
	}
}

func ping(c redis.UniversalClient) { c.Ping(ctx) }

// A subscription keeps a connection and a goroutine.
var news = initialised.Subscribe(ctx, "news") // want `package-level variable news is never closed, not even when the service shuts down`

func next() (any, error) { return news.Receive(ctx) }

// It is put into a struct that forgets it.
var embedded = redis.NewClient(&redis.Options{})

type store struct{ rdb *redis.Client }

func newStore() *store { return &store{rdb: embedded} }
