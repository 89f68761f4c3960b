package mocked

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

func (f *feed) second(ctx context.Context) (string, error) {
	sub := f.db.Subscribe(ctx, "news")
	defer sub.Close()
	m, err := sub.ReceiveMessage(ctx)
	if err != nil {
		return "", err
	}
	return m.Payload, nil
}

func pingWell(l lender) error {
	conn := l.Get()
	defer conn.Close()
	_, err := conn.Do("PING")
	return err
}

// A method of another name hands out what somebody else owns.
type current interface {
	Current() *redis.PubSub
	Conn() redigo.Conn
}

func use(ctx context.Context, c current) error {
	if _, err := c.Conn().Do("PING"); err != nil {
		return err
	}
	_, err := c.Current().Receive(ctx)
	return err
}

// So does one with a name of the library's and other parameters.
type topics interface {
	Subscribe(topic int) *redis.PubSub
	Get(name string) redigo.Conn
}

func follow(ctx context.Context, t topics) error {
	if _, err := t.Get("main").Do("PING"); err != nil {
		return err
	}
	_, err := t.Subscribe(1).Receive(ctx)
	return err
}

// Handed to the caller.
func opened(ctx context.Context, s subscriber) *redis.PubSub { return s.Subscribe(ctx, "x") }
