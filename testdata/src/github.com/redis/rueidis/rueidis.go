// Package rueidis is a stub: the signatures the tests need, and no bodies worth
// reading.
package rueidis

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"

	"github.com/redis/rueidis/internal/cmds"
)

// Nil is the reply of a missing key.
var Nil = errors.New("rueidis: nil")

// IsRedisNil tells a missing key from a failure.
func IsRedisNil(err error) bool { return err == Nil }

// ClientOption configures a client.
type ClientOption struct {
	TLSConfig        *tls.Config
	Dialer           net.Dialer
	Username         string
	Password         string
	ClientName       string
	InitAddress      []string
	SelectDB         int
	ConnWriteTimeout time.Duration
	DisableRetry     bool
	DisableCache     bool
}

// NewClient opens a client.
func NewClient(option ClientOption) (client Client, err error) { return nil, nil }

// ParseURL parses an address.
func ParseURL(str string) (opt ClientOption, err error) { return }

// MustParseURL parses an address or panics.
func MustParseURL(str string) ClientOption { return ClientOption{} }

// Completed is a built command.
type Completed = cmds.Completed

// Cacheable is a built command whose reply may be cached.
type Cacheable = cmds.Cacheable

// CacheableTTL is a cacheable command and its time to live.
type CacheableTTL struct {
	Cmd Cacheable
	TTL time.Duration
}

// Builder builds commands.
type Builder = cmds.Builder

// RedisResult is a reply.
type RedisResult struct{ err error }

func (r RedisResult) Error() error              { return r.err }
func (r RedisResult) ToString() (string, error) { return "", r.err }
func (r RedisResult) AsInt64() (int64, error)   { return 0, r.err }

// RedisMessage is a part of a reply.
type RedisMessage struct{}

// PubSubMessage is a published message.
type PubSubMessage struct{ Pattern, Channel, Message string }

// PubSubHooks are callbacks of a dedicated client.
type PubSubHooks struct {
	OnMessage func(m PubSubMessage)
}

// CommandClient issues commands.
type CommandClient interface {
	B() Builder
	Do(ctx context.Context, cmd Completed) (resp RedisResult)
	DoMulti(ctx context.Context, multi ...Completed) (resp []RedisResult)
}

// CoreClient is what both clients share.
type CoreClient interface {
	CommandClient
	Receive(ctx context.Context, subscribe Completed, fn func(msg PubSubMessage)) error
	Close()
}

// DedicatedClient is bound to one connection.
type DedicatedClient interface {
	CoreClient
	SetPubSubHooks(hooks PubSubHooks) <-chan error
}

// Client is a client.
type Client interface {
	CoreClient
	DoCache(ctx context.Context, cmd Cacheable, ttl time.Duration) (resp RedisResult)
	DoMultiCache(ctx context.Context, multi ...CacheableTTL) (resp []RedisResult)
	Dedicated(fn func(DedicatedClient) error) (err error)
	Dedicate() (client DedicatedClient, cancel func())
	Nodes() map[string]Client
}

// MGet gets several keys.
func MGet(client Client, ctx context.Context, keys []string) (ret map[string]RedisMessage, err error) {
	return nil, nil
}

// Lua is a script.
type Lua struct{ script string }

// NewLuaScript makes a script.
func NewLuaScript(script string) *Lua { return &Lua{script} }

// Exec runs the script.
func (s *Lua) Exec(ctx context.Context, c Client, keys, args []string) (resp RedisResult) { return }
