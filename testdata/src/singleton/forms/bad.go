// Package forms shows the forms that hide a client in a package-level
// variable.
package forms

import (
	"context"
	"io"
	"sync"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
	"singleton/holders"
)

func opts() *redis.Options { return &redis.Options{Addr: "cache:6379"} }

func open() *redis.Client { return redis.NewClient(opts()) }

// A field of an anonymous struct.
var app struct { // want `package-level app holds`
	name string
	rdb  *redis.Client
}

// service holds a client some way down.
type service struct {
	name string
	repo repo
}

type repo struct{ rdb redis.UniversalClient }

// A field of a field.
var svc service // want `package-level svc holds`

// A pointer to a struct.
var svcPointer *service // want `package-level svcPointer holds`

// A slice.
var shards []*redis.Client // want `package-level shards holds`

// An array.
var pair [2]*redis.Client // want `package-level pair holds`

// A map by its values.
var byRegion = map[string]*redis.Client{} // want `package-level byRegion holds`

// A map by its keys.
var inUse = map[*redis.Client]int{} // want `package-level inUse holds`

// A map of structs.
var tenants map[string]repo // want `package-level tenants holds`

// A channel.
var idle = make(chan *redis.Client, 8) // want `package-level idle holds`

// A pointer to a pointer.
var indirect **redis.Client // want `package-level indirect holds`

// The library's interface.
var universal redis.UniversalClient // want `package-level universal holds`

// The interface of the commands.
var commands redis.Cmdable = open() // want `package-level commands holds`

// An embedded client.
type embedding struct {
	*redis.Client
	hits int
}

var embedded embedding // want `package-level embedded holds`

// A named type of the project's own for many of them.
type fleet []*redis.Client

var defined fleet // want `package-level defined holds`

// A type parameter.
type box[T any] struct{ value T }

var boxed box[*redis.Client] // want `package-level boxed holds`

// An atomic pointer.
var current atomic.Pointer[redis.Client] // want `package-level current holds`

// A sync.Pool that makes clients.
var pool = sync.Pool{New: func() any { return redis.NewClient(opts()) }} // want `package-level pool holds`

// sync.OnceValue keeps what its function returns.
var get = sync.OnceValue(func() *redis.Client { return redis.NewClient(opts()) }) // want `package-level get holds`

// sync.OnceValues too.
var getChecked = sync.OnceValues(func() (*redis.Client, error) { // want `package-level getChecked holds`
	rdb := redis.NewClient(opts())
	return rdb, rdb.Ping(context.Background()).Err()
})

// A closure that keeps a client.
var ping = func() func() error { // want `package-level ping holds`
	rdb := redis.NewClient(opts())
	return func() error { return rdb.Ping(context.Background()).Err() }
}()

// The type of another package.
var foreign *holders.Cache // want `package-level foreign holds`

// The constructor of another package.
var constructed = holders.New() // want `package-level constructed holds`

// An interface of another package that hides a client.
var hidden = holders.Open() // want `package-level hidden holds`

// An io.Closer that a client flows into.
var closer io.Closer = redis.NewClient(opts()) // want `package-level closer holds`

// Anything at all that a client flows into.
var anything any // want `package-level anything holds`

func setAnything() { anything = redis.NewClient(opts()) }

// An atomic.Value that a client is stored in.
var value atomic.Value // want `package-level value holds`

func setValue() { value.Store(redis.NewClient(opts())) }

// A sync.Map that clients are stored in.
var clients sync.Map // want `package-level clients holds`

func connected(addr string) { clients.Store(addr, redis.NewClient(&redis.Options{Addr: addr})) }

// A subscription.
var news *redis.PubSub // want `package-level news holds`

// The project's own interface that a client flows into.
type counter interface {
	Incr(ctx context.Context, key string) *redis.IntCmd
}

var hits counter // want `package-level hits holds`

func setHits() { hits = redis.NewClient(opts()) }
