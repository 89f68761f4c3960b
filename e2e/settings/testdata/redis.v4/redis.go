// Package redis stands in for gopkg.in/redis.v4, which no module proxy has.
package redis

import "time"

type Options struct {
	Addr         string
	MaxRetries   int
	DialTimeout  time.Duration
	ReadTimeout  time.Duration
	WriteTimeout time.Duration
	PoolTimeout  time.Duration
}

type ClusterOptions struct {
	Addrs        []string
	DialTimeout  time.Duration
	ReadTimeout  time.Duration
	WriteTimeout time.Duration
	PoolTimeout  time.Duration
}

type RingOptions struct {
	Addrs        map[string]string
	MaxRetries   int
	DialTimeout  time.Duration
	ReadTimeout  time.Duration
	WriteTimeout time.Duration
	PoolTimeout  time.Duration
}

type FailoverOptions struct {
	MasterName    string
	SentinelAddrs []string
	MaxRetries    int
	DialTimeout   time.Duration
	ReadTimeout   time.Duration
	WriteTimeout  time.Duration
	PoolTimeout   time.Duration
}

type (
	Client        struct{}
	ClusterClient struct{}
	Ring          struct{}
)

func (*Client) Close() error        { return nil }
func (*ClusterClient) Close() error { return nil }
func (*Ring) Close() error          { return nil }

func NewClient(opt *Options) *Client                      { return nil }
func NewFailoverClient(opt *FailoverOptions) *Client      { return nil }
func NewClusterClient(opt *ClusterOptions) *ClusterClient { return nil }
func NewRing(opt *RingOptions) *Ring                      { return nil }
