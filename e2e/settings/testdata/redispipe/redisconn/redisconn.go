// Package redisconn stands in for redispipe, which no module proxy has.
package redisconn

import (
	"context"
	"time"
)

type Connection struct{}

func (c *Connection) Close() {}

type Opts struct {
	IOTimeout      time.Duration
	DialTimeout    time.Duration
	ReconnectPause time.Duration
}

func Connect(ctx context.Context, addr string, opts Opts) (*Connection, error) { return nil, nil }
