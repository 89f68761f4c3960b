// Package redis is a stub of github.com/redis/go-redis/v9 that records what is
// open.
package redis

import (
	"context"
	"time"

	"redislint.test/recorder"
)

type Options struct {
	Addr        string
	DialTimeout time.Duration
}

type UniversalOptions struct{ Addrs []string }

type ClusterOptions struct{ Addrs []string }

type StatusCmd struct{}

func (c *StatusCmd) Err() error { return recorder.Fail() }

type StringCmd struct{}

func (c *StringCmd) Err() error { return recorder.Fail() }

func (c *StringCmd) Result() (string, error) { return "", recorder.Fail() }

type cmdable func()

func (c cmdable) Ping(ctx context.Context) *StatusCmd { return &StatusCmd{} }

func (c cmdable) Get(ctx context.Context, key string) *StringCmd { return &StringCmd{} }

func (c cmdable) Set(ctx context.Context, key string, value any, expiration time.Duration) *StatusCmd {
	return &StatusCmd{}
}

type Cmdable interface {
	Ping(ctx context.Context) *StatusCmd
	Get(ctx context.Context, key string) *StringCmd
	Set(ctx context.Context, key string, value any, expiration time.Duration) *StatusCmd
}

type UniversalClient interface {
	Cmdable
	Subscribe(ctx context.Context, channels ...string) *PubSub
	Close() error
}

type baseClient struct{ handle *recorder.Handle }

func (c *baseClient) Close() error {
	recorder.Close(c.handle)
	return nil
}

type Client struct {
	*baseClient
	cmdable
}

func NewClient(opt *Options) *Client {
	return &Client{baseClient: &baseClient{recorder.Open()}}
}

// Untracked returns a client that belongs to nobody in the program.
func Untracked() *Client { return &Client{baseClient: &baseClient{}} }

func (c *Client) WithTimeout(timeout time.Duration) *Client {
	return &Client{baseClient: c.baseClient}
}

func (c *Client) Subscribe(ctx context.Context, channels ...string) *PubSub {
	return &PubSub{recorder.Open()}
}

func (c *Client) Conn() *Conn {
	return &Conn{baseClient: &baseClient{recorder.Open()}}
}

type ClusterClient struct {
	handle *recorder.Handle
	cmdable
}

func NewClusterClient(opt *ClusterOptions) *ClusterClient {
	return &ClusterClient{handle: recorder.Open()}
}

func (c *ClusterClient) Close() error {
	recorder.Close(c.handle)
	return nil
}

func (c *ClusterClient) Subscribe(ctx context.Context, channels ...string) *PubSub {
	return &PubSub{recorder.Open()}
}

func NewUniversalClient(opts *UniversalOptions) UniversalClient {
	return &ClusterClient{handle: recorder.Open()}
}

type Conn struct {
	*baseClient
	cmdable
}

type PubSub struct{ handle *recorder.Handle }

func (c *PubSub) Close() error {
	recorder.Close(c.handle)
	return nil
}

func (c *PubSub) Ping(ctx context.Context, payload ...string) error { return recorder.Fail() }
