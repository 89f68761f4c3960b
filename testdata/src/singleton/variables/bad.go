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
var rdb = goredis.NewClient(opts()) // want `package-level rdb holds a Redis client that outlives the invocation, open it inside the handler`

// By init.
var byInit *goredis.Client // want `package-level byInit holds`

func init() {
	byInit = goredis.NewClient(opts())
}

// By a function that somebody must call.
var bySetup *goredis.Client // want `package-level bySetup holds`

// Setup connects.
func Setup(ctx context.Context) error {
	bySetup = goredis.NewClient(opts())
	return bySetup.Ping(ctx).Err()
}

// At the first use.
var lazy *goredis.Client // want `package-level lazy holds`

func client() *goredis.Client {
	if lazy == nil {
		lazy = goredis.NewClient(opts())
	}
	return lazy
}

// At the first use, once.
var (
	once    sync.Once
	byOnce  *goredis.Client // want `package-level byOnce holds`
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
var byLiteral = func() *goredis.Client { // want `package-level byLiteral holds`
	return goredis.NewClient(opts())
}()

// By a constructor of the package.
var byConstructor = connect() // want `package-level byConstructor holds`

func connect() *goredis.Client { return goredis.NewClient(opts()) }

// With an error beside it.
var conn, connErr = redis.Dial("tcp", "cache:6379") // want `package-level conn holds`

// Two of them on one line.
var primary, replica *goredis.Client // want `package-level primary holds` `package-level replica holds`

// Exported, for everybody.
var Pool = &redis.Pool{ // want `package-level Pool holds`
	Dial: func() (redis.Conn, error) { return redis.Dial("tcp", "cache:6379") },
}

// By another package, or by nobody yet: the type is enough.
var Shared *goredis.ClusterClient // want `package-level Shared holds`
