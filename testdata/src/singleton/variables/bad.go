// Package variables shows package-level variables that are assigned in every
// way there is.
package variables

import (
	"context"
	"sync"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

func opts() *goredis.Options { return &goredis.Options{Addr: "cache:6379"} }

// By its initialiser.
var rdb = goredis.NewClient(opts()) // want `package-level variable rdb keeps a Redis client across invocations; open it inside the handler`

// By init.
var byInit *goredis.Client // want `package-level variable byInit keeps`

func init() {
	byInit = goredis.NewClient(opts())
}

// By a function that somebody must call.
var bySetup *goredis.Client // want `package-level variable bySetup keeps`

// Setup connects.
func Setup(ctx context.Context) error {
	bySetup = goredis.NewClient(opts())
	return bySetup.Ping(ctx).Err()
}

// At the first use.
var lazy *goredis.Client // want `package-level variable lazy keeps`

func client() *goredis.Client {
	if lazy == nil {
		lazy = goredis.NewClient(opts())
	}
	return lazy
}

// At the first use, once.
var (
	once    sync.Once
	byOnce  *goredis.Client // want `package-level variable byOnce keeps`
	onceErr error
)

func onceClient() (*goredis.Client, error) {
	once.Do(func() {
		byOnce = goredis.NewClient(opts())
		onceErr = byOnce.Ping(context.Background()).Err()
	})
	return byOnce, onceErr
}

// By a function literal that runs at once.
var byLiteral = func() *goredis.Client { // want `package-level variable byLiteral keeps`
	return goredis.NewClient(opts())
}()

// By a constructor of the package.
var byConstructor = connect() // want `package-level variable byConstructor keeps`

func connect() *goredis.Client { return goredis.NewClient(opts()) }

// With an error beside it.
var conn, connErr = redis.Dial("tcp", "cache:6379") // want `package-level variable conn keeps`

// Two of them on one line.
var primary, replica *goredis.Client // want `package-level variable primary keeps` `package-level variable replica keeps`

// Exported, for everybody.
var Pool = &redis.Pool{ // want `package-level variable Pool keeps`
	Dial: func() (redis.Conn, error) { return redis.Dial("tcp", "cache:6379") },
}

// By another package, or by nobody yet: the type is enough.
var Shared *goredis.ClusterClient // want `package-level variable Shared keeps`
