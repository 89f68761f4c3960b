// Package redis is a stub of go-redis v9: the signatures the tests need, and
// no bodies worth reading.
package redis

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"
)

// Nil is the reply of a missing key.
const Nil = Error("redis: nil")

// Error is an error reply.
type Error string

func (e Error) Error() string { return string(e) }

// ErrClosed is returned by a closed client.
var ErrClosed = errors.New("redis: client is closed")

// KeepTTL keeps the key's time to live.
const KeepTTL = -1

// Options configures a Client.
type Options struct {
	Network               string
	Addr                  string
	ClientName            string
	Dialer                func(ctx context.Context, network, addr string) (net.Conn, error)
	OnConnect             func(ctx context.Context, cn *Conn) error
	Protocol              int
	Username              string
	Password              string
	DB                    int
	MaxRetries            int
	MinRetryBackoff       time.Duration
	MaxRetryBackoff       time.Duration
	DialTimeout           time.Duration
	DialerRetries         int
	DialerRetryTimeout    time.Duration
	ReadTimeout           time.Duration
	WriteTimeout          time.Duration
	ContextTimeoutEnabled bool
	PoolSize              int
	PoolTimeout           time.Duration
	MinIdleConns          int
	MaxIdleConns          int
	ConnMaxIdleTime       time.Duration
	ConnMaxLifetime       time.Duration
	TLSConfig             *tls.Config
}

// ClusterOptions configures a ClusterClient.
type ClusterOptions struct {
	Addrs        []string
	NewClient    func(opt *Options) *Client
	MaxRedirects int
	MaxRetries   int
	DialTimeout  time.Duration
	ReadTimeout  time.Duration
	WriteTimeout time.Duration
	PoolSize     int
	PoolTimeout  time.Duration
}

// RingOptions configures a Ring.
type RingOptions struct {
	Addrs        map[string]string
	NewClient    func(opt *Options) *Client
	MaxRetries   int
	DialTimeout  time.Duration
	ReadTimeout  time.Duration
	WriteTimeout time.Duration
	PoolTimeout  time.Duration
}

// FailoverOptions configures a failover client.
type FailoverOptions struct {
	MasterName    string
	SentinelAddrs []string
	DialTimeout   time.Duration
	ReadTimeout   time.Duration
	WriteTimeout  time.Duration
}

// UniversalOptions configures a UniversalClient.
type UniversalOptions struct {
	Addrs        []string
	MasterName   string
	DB           int
	MaxRetries   int
	DialTimeout  time.Duration
	ReadTimeout  time.Duration
	WriteTimeout time.Duration
}

// ParseURL parses a redis:// address.
func ParseURL(redisURL string) (*Options, error) { return &Options{Addr: redisURL}, nil }

// Hook intercepts dials and commands.
type Hook interface {
	ProcessHook(next func(ctx context.Context, cmd Cmder) error) func(ctx context.Context, cmd Cmder) error
}

// PoolStats counts connections.
type PoolStats struct{ Hits, Misses, Timeouts, TotalConns, IdleConns uint32 }

// Cmder is any command.
type Cmder interface {
	Name() string
	Args() []interface{}
	Err() error
	SetErr(error)
}

type baseCmd struct {
	args []interface{}
	err  error
}

func (c *baseCmd) Name() string        { return "" }
func (c *baseCmd) Args() []interface{} { return c.args }
func (c *baseCmd) Err() error          { return c.err }
func (c *baseCmd) SetErr(err error)    { c.err = err }

// The commands' results.
type (
	Cmd       struct{ baseCmd }
	StatusCmd struct{ baseCmd }
	StringCmd struct{ baseCmd }
	IntCmd    struct{ baseCmd }
	BoolCmd   struct{ baseCmd }
	SliceCmd  struct{ baseCmd }

	StringSliceCmd     struct{ baseCmd }
	MapStringStringCmd struct{ baseCmd }
	ScanCmd            struct{ baseCmd }
	XStreamSliceCmd    struct{ baseCmd }
)

func (c *Cmd) Result() (interface{}, error)                        { return nil, c.err }
func (c *Cmd) Text() (string, error)                               { return "", c.err }
func (c *StatusCmd) Result() (string, error)                       { return "", c.err }
func (c *StatusCmd) Val() string                                   { return "" }
func (c *StringCmd) Result() (string, error)                       { return "", c.err }
func (c *StringCmd) Val() string                                   { return "" }
func (c *StringCmd) Scan(val any) error                            { return c.err }
func (c *StringCmd) Bytes() ([]byte, error)                        { return nil, c.err }
func (c *StringCmd) Int() (int, error)                             { return 0, c.err }
func (c *IntCmd) Result() (int64, error)                           { return 0, c.err }
func (c *IntCmd) Val() int64                                       { return 0 }
func (c *BoolCmd) Result() (bool, error)                           { return false, c.err }
func (c *BoolCmd) Val() bool                                       { return false }
func (c *SliceCmd) Result() ([]interface{}, error)                 { return nil, c.err }
func (c *StringSliceCmd) Result() ([]string, error)                { return nil, c.err }
func (c *StringSliceCmd) Val() []string                            { return nil }
func (c *MapStringStringCmd) Result() (map[string]string, error)   { return nil, c.err }
func (c *ScanCmd) Result() (keys []string, cursor uint64, _ error) { return nil, 0, c.err }
func (c *ScanCmd) Iterator() *ScanIterator                         { return &ScanIterator{} }
func (c *XStreamSliceCmd) Result() ([]XStream, error)              { return nil, c.err }

// XStream is a stream and its messages.
type XStream struct{ Stream string }

// XReadArgs are the arguments of XRead.
type XReadArgs struct {
	Streams []string
	Count   int64
	Block   time.Duration
}

// XReadGroupArgs are the arguments of XReadGroup.
type XReadGroupArgs struct {
	Group    string
	Consumer string
	Streams  []string
	Count    int64
	Block    time.Duration
}

// ScanIterator walks over keys.
type ScanIterator struct{ cmd ScanCmd }

func (it *ScanIterator) Next(ctx context.Context) bool { return false }
func (it *ScanIterator) Val() string                   { return "" }
func (it *ScanIterator) Err() error                    { return it.cmd.err }

// Cmdable is what every client and pipeline can do.
type Cmdable interface {
	Pipeline() Pipeliner
	Pipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error)
	TxPipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error)
	TxPipeline() Pipeliner
	Ping(ctx context.Context) *StatusCmd
	Get(ctx context.Context, key string) *StringCmd
	Set(ctx context.Context, key string, value interface{}, expiration time.Duration) *StatusCmd
	SetNX(ctx context.Context, key string, value interface{}, expiration time.Duration) *BoolCmd
	Del(ctx context.Context, keys ...string) *IntCmd
	Exists(ctx context.Context, keys ...string) *IntCmd
	Expire(ctx context.Context, key string, expiration time.Duration) *BoolCmd
	Incr(ctx context.Context, key string) *IntCmd
	HGet(ctx context.Context, key, field string) *StringCmd
	HGetAll(ctx context.Context, key string) *MapStringStringCmd
	HSet(ctx context.Context, key string, values ...interface{}) *IntCmd
	LPush(ctx context.Context, key string, values ...interface{}) *IntCmd
	BLPop(ctx context.Context, timeout time.Duration, keys ...string) *StringSliceCmd
	Scan(ctx context.Context, cursor uint64, match string, count int64) *ScanCmd
	Publish(ctx context.Context, channel string, message interface{}) *IntCmd
	XRead(ctx context.Context, a *XReadArgs) *XStreamSliceCmd
	Eval(ctx context.Context, script string, keys []string, args ...interface{}) *Cmd
	EvalSha(ctx context.Context, sha1 string, keys []string, args ...interface{}) *Cmd
}

type cmdable func(ctx context.Context, cmd Cmder) error

func (c cmdable) Pipeline() Pipeliner { return nil }
func (c cmdable) Pipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error) {
	return nil, nil
}
func (c cmdable) TxPipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error) {
	return nil, nil
}
func (c cmdable) TxPipeline() Pipeliner                          { return nil }
func (c cmdable) Ping(ctx context.Context) *StatusCmd            { return &StatusCmd{} }
func (c cmdable) Get(ctx context.Context, key string) *StringCmd { return &StringCmd{} }
func (c cmdable) Set(ctx context.Context, key string, value interface{}, expiration time.Duration) *StatusCmd {
	return &StatusCmd{}
}
func (c cmdable) SetNX(ctx context.Context, key string, value interface{}, expiration time.Duration) *BoolCmd {
	return &BoolCmd{}
}
func (c cmdable) Del(ctx context.Context, keys ...string) *IntCmd    { return &IntCmd{} }
func (c cmdable) Exists(ctx context.Context, keys ...string) *IntCmd { return &IntCmd{} }
func (c cmdable) Expire(ctx context.Context, key string, expiration time.Duration) *BoolCmd {
	return &BoolCmd{}
}
func (c cmdable) Incr(ctx context.Context, key string) *IntCmd           { return &IntCmd{} }
func (c cmdable) HGet(ctx context.Context, key, field string) *StringCmd { return &StringCmd{} }
func (c cmdable) HGetAll(ctx context.Context, key string) *MapStringStringCmd {
	return &MapStringStringCmd{}
}
func (c cmdable) HSet(ctx context.Context, key string, values ...interface{}) *IntCmd {
	return &IntCmd{}
}
func (c cmdable) LPush(ctx context.Context, key string, values ...interface{}) *IntCmd {
	return &IntCmd{}
}
func (c cmdable) BLPop(ctx context.Context, timeout time.Duration, keys ...string) *StringSliceCmd {
	return &StringSliceCmd{}
}
func (c cmdable) Scan(ctx context.Context, cursor uint64, match string, count int64) *ScanCmd {
	return &ScanCmd{}
}
func (c cmdable) Publish(ctx context.Context, channel string, message interface{}) *IntCmd {
	return &IntCmd{}
}
func (c cmdable) XRead(ctx context.Context, a *XReadArgs) *XStreamSliceCmd {
	return &XStreamSliceCmd{}
}
func (c cmdable) XReadGroup(ctx context.Context, a *XReadGroupArgs) *XStreamSliceCmd {
	return &XStreamSliceCmd{}
}
func (c cmdable) BRPopLPush(ctx context.Context, source, destination string, timeout time.Duration) *StringCmd {
	return &StringCmd{}
}
func (c cmdable) Eval(ctx context.Context, script string, keys []string, args ...interface{}) *Cmd {
	return &Cmd{}
}
func (c cmdable) EvalSha(ctx context.Context, sha1 string, keys []string, args ...interface{}) *Cmd {
	return &Cmd{}
}
func (c cmdable) Do(ctx context.Context, args ...interface{}) *Cmd { return &Cmd{} }

type statefulCmdable func(ctx context.Context, cmd Cmder) error

func (c statefulCmdable) Select(ctx context.Context, index int) *StatusCmd { return &StatusCmd{} }

type baseClient struct{ opt *Options }

func (c *baseClient) Close() error                      { return nil }
func (c *baseClient) String() string                    { return "" }
func (c *baseClient) AddHook(hook Hook)                 {}
func (c *baseClient) PoolStats() *PoolStats             { return nil }
func (c *baseClient) clone(d time.Duration) *baseClient { return c }

// Client is a pool of connections.
type Client struct {
	*baseClient
	cmdable
}

// NewClient opens a client.
func NewClient(opt *Options) *Client { return &Client{baseClient: &baseClient{opt}} }

// NewFailoverClient opens a client that follows sentinels.
func NewFailoverClient(failoverOpt *FailoverOptions) *Client { return &Client{} }

func (c *Client) Close() error      { return c.baseClient.Close() }
func (c *Client) Options() *Options { return c.opt }
func (c *Client) WithTimeout(timeout time.Duration) *Client {
	return &Client{baseClient: c.clone(timeout)}
}
func (c *Client) Conn() *Conn                                  { return &Conn{} }
func (c *Client) Process(ctx context.Context, cmd Cmder) error { return nil }
func (c *Client) Watch(ctx context.Context, fn func(*Tx) error, keys ...string) error {
	return fn(&Tx{})
}
func (c *Client) Subscribe(ctx context.Context, channels ...string) *PubSub  { return &PubSub{} }
func (c *Client) PSubscribe(ctx context.Context, channels ...string) *PubSub { return &PubSub{} }
func (c *Client) SSubscribe(ctx context.Context, channels ...string) *PubSub { return &PubSub{} }
func (c *Client) Pipeline() Pipeliner                                        { return nil }
func (c *Client) TxPipeline() Pipeliner                                      { return nil }
func (c *Client) Pipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error) {
	return nil, nil
}
func (c *Client) TxPipelined(ctx context.Context, fn func(Pipeliner) error) ([]Cmder, error) {
	return nil, nil
}

// Conn is one connection taken out of the pool.
type Conn struct {
	baseClient
	cmdable
	statefulCmdable
}

func (c *Conn) Process(ctx context.Context, cmd Cmder) error { return nil }

// Tx is a transaction on one connection.
type Tx struct {
	baseClient
	cmdable
	statefulCmdable
}

func (c *Tx) Close(ctx context.Context) error { return nil }

// PubSub is a subscription.
type PubSub struct{ closed bool }

// Message is a published message.
type Message struct{ Channel, Payload string }

// ChannelOption configures a channel.
type ChannelOption func()

func (c *PubSub) Close() error                                              { return nil }
func (c *PubSub) Subscribe(ctx context.Context, channels ...string) error   { return nil }
func (c *PubSub) Unsubscribe(ctx context.Context, channels ...string) error { return nil }
func (c *PubSub) Ping(ctx context.Context, payload ...string) error         { return nil }
func (c *PubSub) Receive(ctx context.Context) (interface{}, error)          { return nil, nil }
func (c *PubSub) ReceiveMessage(ctx context.Context) (*Message, error)      { return nil, nil }
func (c *PubSub) Channel(opts ...ChannelOption) <-chan *Message             { return nil }

// Pipeliner collects commands.
type Pipeliner interface {
	Cmdable
	Len() int
	Do(ctx context.Context, args ...interface{}) *Cmd
	Discard()
	Exec(ctx context.Context) ([]Cmder, error)
}

// ClusterClient is a client of a cluster.
type ClusterClient struct{ cmdable }

// NewClusterClient opens a client of a cluster.
func NewClusterClient(opt *ClusterOptions) *ClusterClient { return &ClusterClient{} }

// NewFailoverClusterClient opens a client that routes reads to replicas.
func NewFailoverClusterClient(failoverOpt *FailoverOptions) *ClusterClient { return &ClusterClient{} }

func (c *ClusterClient) Close() error                                 { return nil }
func (c *ClusterClient) AddHook(hook Hook)                            {}
func (c *ClusterClient) PoolStats() *PoolStats                        { return nil }
func (c *ClusterClient) Process(ctx context.Context, cmd Cmder) error { return nil }
func (c *ClusterClient) Watch(ctx context.Context, fn func(*Tx) error, keys ...string) error {
	return nil
}
func (c *ClusterClient) Subscribe(ctx context.Context, channels ...string) *PubSub {
	return &PubSub{}
}
func (c *ClusterClient) PSubscribe(ctx context.Context, channels ...string) *PubSub {
	return &PubSub{}
}
func (c *ClusterClient) SSubscribe(ctx context.Context, channels ...string) *PubSub {
	return &PubSub{}
}
func (c *ClusterClient) ForEachMaster(ctx context.Context, fn func(ctx context.Context, client *Client) error) error {
	return nil
}
func (c *ClusterClient) MasterForKey(ctx context.Context, key string) (*Client, error) {
	return nil, nil
}

// Ring spreads keys over several servers.
type Ring struct{ cmdable }

// NewRing opens a ring.
func NewRing(opt *RingOptions) *Ring { return &Ring{} }

func (c *Ring) Close() error                                 { return nil }
func (c *Ring) AddHook(hook Hook)                            {}
func (c *Ring) PoolStats() *PoolStats                        { return nil }
func (c *Ring) Process(ctx context.Context, cmd Cmder) error { return nil }
func (c *Ring) Watch(ctx context.Context, fn func(*Tx) error, keys ...string) error {
	return nil
}
func (c *Ring) Subscribe(ctx context.Context, channels ...string) *PubSub  { return &PubSub{} }
func (c *Ring) PSubscribe(ctx context.Context, channels ...string) *PubSub { return &PubSub{} }
func (c *Ring) SSubscribe(ctx context.Context, channels ...string) *PubSub { return &PubSub{} }

// SentinelClient talks to a sentinel.
type SentinelClient struct{ *baseClient }

// NewSentinelClient opens a client of a sentinel.
func NewSentinelClient(opt *Options) *SentinelClient { return &SentinelClient{} }

func (c *SentinelClient) Ping(ctx context.Context) *StringCmd { return &StringCmd{} }

// UniversalClient is any of the clients.
type UniversalClient interface {
	Cmdable
	AddHook(Hook)
	Watch(ctx context.Context, fn func(*Tx) error, keys ...string) error
	Do(ctx context.Context, args ...interface{}) *Cmd
	Process(ctx context.Context, cmd Cmder) error
	Subscribe(ctx context.Context, channels ...string) *PubSub
	PSubscribe(ctx context.Context, channels ...string) *PubSub
	SSubscribe(ctx context.Context, channels ...string) *PubSub
	Close() error
	PoolStats() *PoolStats
}

var (
	_ UniversalClient = (*Client)(nil)
	_ UniversalClient = (*ClusterClient)(nil)
	_ UniversalClient = (*Ring)(nil)
)

// NewUniversalClient opens the client that the options describe.
func NewUniversalClient(opts *UniversalOptions) UniversalClient { return NewClient(nil) }

// Scripter runs scripts.
type Scripter interface {
	Eval(ctx context.Context, script string, keys []string, args ...interface{}) *Cmd
	EvalSha(ctx context.Context, sha1 string, keys []string, args ...interface{}) *Cmd
}

// Script is a Lua script.
type Script struct{ src string }

// NewScript makes a script.
func NewScript(src string) *Script { return &Script{src} }

// Run runs the script.
func (s *Script) Run(ctx context.Context, c Scripter, keys []string, args ...interface{}) *Cmd {
	return &Cmd{}
}
