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
var app struct { // want `package-level variable app keeps`
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
var svc service // want `package-level variable svc keeps`

// A pointer to a struct.
var svcPointer *service // want `package-level variable svcPointer keeps`

// A slice.
var shards []*redis.Client // want `package-level variable shards keeps`

// An array.
var pair [2]*redis.Client // want `package-level variable pair keeps`

// A map by its values.
var byRegion = map[string]*redis.Client{} // want `package-level variable byRegion keeps`

// A map by its keys.
var inUse = map[*redis.Client]int{} // want `package-level variable inUse keeps`

// A map of structs.
var tenants map[string]repo // want `package-level variable tenants keeps`

// A channel.
var idle = make(chan *redis.Client, 8) // want `package-level variable idle keeps`

// A pointer to a pointer.
var indirect **redis.Client // want `package-level variable indirect keeps`

// The library's interface.
var universal redis.UniversalClient // want `package-level variable universal keeps`

// The interface of the commands.
var commands redis.Cmdable = open() // want `package-level variable commands keeps`

// An embedded client.
type embedding struct {
	*redis.Client
	hits int
}

var embedded embedding // want `package-level variable embedded keeps`

// A named type of the project's own for many of them.
type fleet []*redis.Client

var defined fleet // want `package-level variable defined keeps`

// A type parameter.
type box[T any] struct{ value T }

var boxed box[*redis.Client] // want `package-level variable boxed keeps`

// An atomic pointer.
var current atomic.Pointer[redis.Client] // want `package-level variable current keeps`

// A sync.Pool that makes clients.
var pool = sync.Pool{New: func() any { return redis.NewClient(opts()) }} // want `package-level variable pool keeps`

// sync.OnceValue keeps what its function returns.
var get = sync.OnceValue(func() *redis.Client { return redis.NewClient(opts()) }) // want `package-level variable get keeps`

// sync.OnceValues too.
var getChecked = sync.OnceValues(func() (*redis.Client, error) { // want `package-level variable getChecked keeps`
	rdb := redis.NewClient(opts())
	return rdb, rdb.Ping(context.Background()).Err()
})

// A closure that keeps a client.
var ping = func() func() error { // want `package-level variable ping keeps`
	rdb := redis.NewClient(opts())
	return func() error { return rdb.Ping(context.Background()).Err() }
}()

// The type of another package.
var foreign *holders.Cache // want `package-level variable foreign keeps`

// The constructor of another package.
var constructed = holders.New() // want `package-level variable constructed keeps`

// An interface of another package that hides a client.
var hidden = holders.Open() // want `package-level variable hidden keeps`

// An io.Closer that a client flows into.
var closer io.Closer = redis.NewClient(opts()) // want `package-level variable closer keeps`

// Anything at all that a client flows into.
var anything any // want `package-level variable anything keeps`

func setAnything() { anything = redis.NewClient(opts()) }

// An atomic.Value that a client is stored in.
var value atomic.Value // want `package-level variable value keeps`

func setValue() { value.Store(redis.NewClient(opts())) }

// A sync.Map that clients are stored in.
var clients sync.Map // want `package-level variable clients keeps`

func connected(addr string) { clients.Store(addr, redis.NewClient(&redis.Options{Addr: addr})) }

// A subscription.
var news *redis.PubSub // want `package-level variable news keeps`

// The project's own interface that a client flows into.
type counter interface {
	Incr(ctx context.Context, key string) *redis.IntCmd
}

var hits counter // want `package-level variable hits keeps`

func setHits() { hits = redis.NewClient(opts()) }
