// Package gredis stands in for github.com/gogf/gf/v2, which no module proxy has.
package gredis

import (
	"context"
	"time"
)

type Redis struct{}

func (r *Redis) Close(ctx context.Context) error { return nil }

type Config struct {
	Address      string
	DialTimeout  time.Duration
	ReadTimeout  time.Duration
	WriteTimeout time.Duration
	WaitTimeout  time.Duration
}

func New(config ...*Config) (*Redis, error) { return nil, nil }
