// Package rueidis is a stub of github.com/redis/rueidis that records what is
// open.
package rueidis

import (
	"context"

	"redislint.test/recorder"
)

type ClientOption struct{ InitAddress []string }

type Completed struct{}

type RedisResult struct{}

func (r RedisResult) Error() error { return recorder.Fail() }

type CoreClient interface {
	Do(ctx context.Context, cmd Completed) (resp RedisResult)
	Close()
}

type Client interface {
	CoreClient
	Dedicate() (client DedicatedClient, cancel func())
}

type DedicatedClient interface{ CoreClient }

type client struct{ handle *recorder.Handle }

func NewClient(option ClientOption) (Client, error) {
	if err := recorder.Fail(); err != nil {
		return nil, err
	}
	return &client{recorder.Open()}, nil
}

// Untracked returns a client that belongs to nobody in the program.
func Untracked() Client { return &client{} }

func (c *client) Do(ctx context.Context, cmd Completed) (resp RedisResult) { return RedisResult{} }

func (c *client) Close() { recorder.Close(c.handle) }

func (c *client) Dedicate() (DedicatedClient, func()) {
	d := &client{recorder.Open()}
	return d, func() { recorder.Close(d.handle) }
}
