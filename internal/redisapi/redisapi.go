package redisapi

import "slices"

// Kind says what sort of resource a type is. Kinds differ in how badly they
// leak: a client owns a pool and background goroutines, a connection one
// socket.
type Kind string

// The kinds of resource.
const (
	Client       Kind = "client"       // a client with a pool of its own
	Cluster      Kind = "cluster"      // a client of many nodes
	Ring         Kind = "ring"         // a client that shards by hash
	Sentinel     Kind = "sentinel"     // a client of the sentinels
	Pool         Kind = "pool"         // a pool that connections are taken from
	Conn         Kind = "connection"   // one connection, taken from a pool or dialed
	Dedicated    Kind = "dedicated"    // a connection reserved until its release is called
	Subscription Kind = "subscription" // a connection that receives messages
	Monitor      Kind = "monitor"      // a connection that receives every command
	Worker       Kind = "worker"       // a queue's client, server or scheduler that owns a client
	Store        Kind = "store"        // a session store, cache or lock that owns a client
	Server       Kind = "server"       // a test server
	Handle       Kind = "handle"       // borrows a client and owns nothing: pipeline, script, command interface
)

func (k Kind) valid() bool {
	switch k {
	case Client, Cluster, Ring, Sentinel, Pool, Conn, Dedicated,
		Subscription, Monitor, Worker, Store, Server, Handle:
		return true
	}
	return false
}

// Type is what is known of a named type.
type Type struct {
	Name     string   // full name: "github.com/redis/go-redis/v9.Client", any vendor prefix removed
	Kind     Kind     // empty if only its commands are known
	Release  []string // methods that release it, the usual one first; none: never a resource of its own
	Commands Methods  // which of its methods are Redis commands
}

// Methods is a set of exported methods: the listed ones, or all but those.
type Methods struct {
	All   bool     // all but Names
	Names []string // sorted
	known bool     // a row says so; an empty set is then an answer
}

// Has reports whether the exported method name is in the set.
func (m Methods) Has(name string) bool {
	_, listed := slices.BinarySearch(m.Names, name)
	return listed != m.All
}

// Func is what is known of a function, method or interface method. Parameters
// are numbered as go/ssa numbers a function's parameters: a method's receiver
// is parameter 0, and its first argument parameter 1.
type Func struct {
	Name      string  // as types.Func.FullName gives it, without vendor prefix and type parameters
	Opens     []Open  // results that the caller must release
	Aliases   []Alias // results that share a parameter's resource: releasing either releases both
	Derives   []Alias // results that are a handle on a parameter's resource: pipelines, adapters; they release nothing
	Lends     []int   // results that belong to something else
	Takes     []int   // parameters that the callee owns from now on
	Releases  []int   // parameters that the call releases
	Scopes    []Scope // callbacks that get a resource they must not keep
	Factories []int   // func parameters whose results the library owns
	Calls     []int   // func parameters that have run when the call returns, or never run
	Commands  []int   // parameters on which the call issues Redis commands
	Entries   []int   // parameters that are the handler of a serverless entry point
	NoReturn  bool    // the call ends the goroutine or the process
	Fails     bool    // the call marks the running test as failed
	NonNil    bool    // the first result is never nil
	Joins     bool    // the result is nil if all errors that it is given are, and otherwise not
	Probe     bool    // a method that tells, right after its receiver was opened, whether that failed
	Refutes   bool    // the result is true only if parameter 0, an error, is not nil
	Verdict   bool    // the result is true if an error among the arguments is nil
	Once      bool    // its func parameters run once, however often it is called
	Deadline  bool    // the first result is a context that ends after the last argument
	Query     []Query // what the parameters of the URL in the first argument set in the first result
	Parses    bool    // the first result is options that a URL says
	NoPanic   bool    // the call does not panic
	Pause     bool    // it waits until some time has passed
	Library   bool    // parameters without a row are borrowed
	Attaches  []int   // parameters kept for whoever asks for them by a key, and never released
	Finally   []int   // func parameters that run later, in any case
	Undo      bool    // the first result is a func that takes back its func parameters, if it is called before they run
	Wraps     bool    // the first result is a func that runs parameter 0, a func, once at most
	Puts      []Put   // parameters that are in the receiver, a container, from now on
	Gets      []int   // results that are what is in the receiver, a container
	Each      []Scope // callbacks that are called with what is in the receiver, a container
}

// Put says that a parameter is in the receiver after the call: if the result When
// is true, or Unless false, which are none where they are negative.
type Put struct {
	Param, When, Unless int
	Over                bool // the receiver has one thing in it, which is no longer there then
}

// Open says that a result is a resource which the caller owns.
type Open struct {
	Result  int      // index of the result that carries the resource
	Err     int      // index of the error result that is nil when something was opened, or -1
	Cleanup int      // index of the func result whose call releases it, or -1
	Kind    Kind     //
	Release []string // method names that release it
	Inert   bool     // beside an error there is one that nothing was opened for: releasing it does nothing
}

// Alias says that a result shares, or is a handle on, the resource of a parameter.
type Alias struct{ Result, Param int }

// Scope says that the func in parameter Callback is called with a resource, as
// its parameter Arg (the first is 0), that it must neither release nor keep.
type Scope struct {
	Callback, Arg int
	Later         bool // it runs after the call has returned; otherwise it has run by then
}

// Literal is what is known of a composite literal of a named type.
type Literal struct {
	Opens     *Open    // the literal itself is a resource: &redis.Pool{...}
	Wraps     []string // fields whose resource the value's release methods release, or those of what is made of it
	Derives   []string // fields on whose resource the value, or what is made of it, is a handle: cache.Options.Redis
	Factories []string // fields with a func whose results the library owns: Pool.Dial
	Scopes    []string // fields with a func that is called with a resource it must not keep: Options.OnConnect
}
