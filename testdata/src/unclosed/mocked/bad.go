// Package mocked is about clients behind interfaces of the program's own, which
// list the methods that it needs.
package mocked

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// A subscriber is what this package needs of a client.
type subscriber interface {
	Subscribe(ctx context.Context, channels ...string) *redis.PubSub
}

type feed struct{ db subscriber }

func (f *feed) first(ctx context.Context) (string, error) {
	sub := f.db.Subscribe(ctx, "news") // want `sub is never closed`
	m, err := sub.ReceiveMessage(ctx)
	if err != nil {
		return "", err
	}
	return m.Payload, nil
}

// The interface comes by a parameter, and lists more.
type store interface {
	subscriber
	Get(ctx context.Context, key string) *redis.StringCmd
	Close() error
}

func wait(ctx context.Context, s store) error {
	sub := s.Subscribe(ctx, "ready") // want `sub is not closed on all paths`
	if s.Get(ctx, "ready").Err() == nil {
		return nil
	}
	_, err := sub.ReceiveMessage(ctx)
	sub.Close()
	return err
}

// A pool of connections.
type lender interface{ Get() redigo.Conn }

func ping(l lender) error {
	conn := l.Get() // want `conn is never closed`
	_, err := conn.Do("PING")
	return err
}

// The chain drops it.
func once(ctx context.Context, s subscriber) error {
	_, err := s.Subscribe(ctx, "x").Receive(ctx) // want `is discarded and can never be closed`
	return err
}

// A helper of the package opens by it.
func open(ctx context.Context, s subscriber) *redis.PubSub { return s.Subscribe(ctx, "jobs") }

func job(ctx context.Context, s subscriber) error {
	sub := open(ctx, s) // want `sub is never closed`
	_, err := sub.Receive(ctx)
	return err
}
