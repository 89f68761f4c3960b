package variables

import (
	"context"
	"errors"
	"io"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/gomodule/redigo/redis"
	"github.com/hibiken/asynq"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

// Options are values.
var options = &goredis.Options{Addr: "cache:6379", DialTimeout: 5 * time.Second}

// So are the options of the other libraries.
var (
	clusterOptions = goredis.ClusterOptions{Addrs: []string{"cache:6379"}}
	rueidisOption  = rueidis.ClientOption{InitAddress: []string{"cache:6379"}}
	asynqOption    = asynq.RedisClientOpt{Addr: "cache:6379"}
	dialOptions    = []redis.DialOption{redis.DialReadTimeout(time.Second)}
	byRegion       = map[string]*goredis.Options{"eu": {Addr: "eu:6379"}}
)

// Scripts are text.
var (
	unlock       = goredis.NewScript("return redis.call('DEL', KEYS[1])")
	redigoScript = redis.NewScript(1, "return 1")
	lua          = rueidis.NewLuaScript("return 1")
)

// Errors.
var (
	errMissing error = goredis.Nil
	errClosed        = goredis.ErrClosed
	errOwn           = errors.New("no redis")
)

// A factory opens when it is called.
var newClient = func() *goredis.Client { return goredis.NewClient(options) }

// The constructor itself as a value.
var construct = goredis.NewClient

// The redigo dialler as a value, for tests to replace.
var dial = redis.Dial

// A table of factories.
var factories = map[string]func() *goredis.Client{
	"default": func() *goredis.Client { return goredis.NewClient(options) },
}

// Functions that take a client.
var migrations = []func(context.Context, *goredis.Client) error{
	func(ctx context.Context, rdb *goredis.Client) error { return rdb.Set(ctx, "v", 1, 0).Err() },
}

// Assertions at compile time.
var (
	_ goredis.Cmdable = (*goredis.Client)(nil)
	_ io.Closer       = (*repo)(nil)
	_ goredis.Cmdable = &goredis.Client{}
)

// The blank identifier holds nothing.
var _ = goredis.NewScript("return 2")

// A type that holds a client is no variable.
type repo struct{ rdb *goredis.Client }

func (r *repo) Close() error { return r.rdb.Close() }

// A constructor of it is no variable either.
var newRepo = func(rdb *goredis.Client) *repo { return &repo{rdb: rdb} }

// Results of commands are values.
var lastResult *goredis.StringCmd

// Counters.
var hits atomic.Int64

// The type of a client is no client.
var clientType = reflect.TypeOf((*goredis.Client)(nil))

// A task and its settings.
var (
	task   = asynq.NewTask("mail", nil)
	config = asynq.Config{Concurrency: 3}
)

// A local variable dies with its function.
func local() error {
	rdb := goredis.NewClient(options)
	defer rdb.Close()
	return rdb.Ping(context.Background()).Err()
}

// An interface that a client would fit, filled with something else.
type store interface{ Close() error }

type memory struct{ m map[string]string }

func (m *memory) Close() error { return nil }

var fallback store = &memory{m: map[string]string{}}
