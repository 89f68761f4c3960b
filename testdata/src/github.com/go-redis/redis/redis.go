// Package redis is a stub of go-redis v6: the signatures the tests need, and no
// bodies worth reading.
package redis

import "time"

// Options configures a Client.
type Options struct {
	Addr         string
	MaxRetries   int
	DialTimeout  time.Duration
	ReadTimeout  time.Duration
	WriteTimeout time.Duration
	PoolTimeout  time.Duration
	MinIdleConns int
}

// Client is a pool of connections.
type Client struct{}

func (c *Client) Close() error { return nil }

// NewClient opens a client.
func NewClient(opt *Options) *Client { return &Client{} }
