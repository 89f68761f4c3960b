package fixes

import (
	"fmt"

	goredis "github.com/redis/go-redis/v9"
	"unclosed/mid"
)

// There may be no client although there is no error.
func openIfWanted(on bool) (*goredis.Client, error) {
	if !on {
		return nil, nil
	}
	rdb := goredis.NewClient(opts)
	return rdb, nil
}

func wanted(on bool) error {
	rdb, err := openIfWanted(on) // want `rdb is never closed`
	if err != nil {
		return err
	}
	if rdb != nil {
		return rdb.Ping(ctx).Err()
	}
	return nil
}

func wantedToKeep(on bool) (*store, error) {
	rdb, err := openIfWanted(on) // want `rdb is not closed on all paths`
	if err != nil {
		return nil, err
	}
	if err := work(); err != nil {
		return nil, err
	}
	return &store{rdb: rdb}, nil
}

// Whatever it is, it has been used by then.
func wantedAndUsed(on bool) (*store, error) {
	rdb, err := openIfWanted(on) // want `rdb is not closed on all paths`
	if err != nil {
		return nil, err
	}
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return &store{rdb: rdb}, nil
}

// The variable tells whether there is a client.
func mayBeNil(on bool) {
	rdb := openIf(on) // want `rdb is never closed`
	if rdb != nil {
		rdb.Ping(ctx)
	}
}

func openIf(on bool) *goredis.Client {
	if !on {
		return nil
	}
	return goredis.NewClient(opts)
}

// So does one that a helper elsewhere opens, or not.
func elsewhere(on bool) error {
	rdb, err := mid.OpenIf(on) // want `rdb is never closed`
	if err != nil {
		return err
	}
	if rdb != nil {
		rdb.Ping(ctx)
	}
	return nil
}

// A helper that passes on what another returns has a client whenever there is no error.
func always() error {
	rdb, err := passesOn() // want `rdb is never closed`
	if err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

func passesOn() (*goredis.Client, error) {
	rdb, err := open()
	return rdb, err
}

// What an interface of the program returns has been asked.
type subscriber interface {
	Subscribe(channel string) news
}

type news interface {
	Receive() error
	Close() error
}

type newsClient struct{ *goredis.Client }

func (c *newsClient) Subscribe(channel string) news {
	return subscription{c.Client.Subscribe(ctx, channel)}
}

type subscription struct{ *goredis.PubSub }

func (s subscription) Receive() error {
	_, err := s.PubSub.Receive(ctx)
	return err
}

type listener struct {
	rdb subscriber
	sub news
}

func newListener(rdb *goredis.Client) *listener { return &listener{rdb: &newsClient{rdb}} }

func (l *listener) connect() error {
	sub := l.rdb.Subscribe("news") // want `sub is not closed on all paths`
	if err := sub.Receive(); err != nil {
		return err
	}
	l.sub = sub
	return nil
}

func (l *listener) stop() { l.sub.Close() }

// A kind that nobody knows has no client, and an error.
func ofKind(kind string) (goredis.UniversalClient, error) {
	var rdb goredis.UniversalClient
	var err error
	switch kind {
	case "simple":
		rdb = goredis.NewClient(opts)
	case "cluster":
		rdb = goredis.NewClusterClient(&goredis.ClusterOptions{})
	default:
		err = fmt.Errorf("invalid kind: %s", kind)
	}
	return rdb, err
}

func useKind(kind string) error {
	rdb, err := ofKind(kind) // want `rdb is never closed`
	if err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

func triedKind(kind string) error {
	if _, err := ofKind(kind); err != nil { // want `is discarded`
		return err
	}
	return nil
}

// The body of a loop over a func returns, too.
func ofKinds(kinds func(yield func(string) bool)) (*goredis.Client, error) {
	for kind := range kinds {
		if kind == "" {
			return nil, fmt.Errorf("no kind")
		}
	}
	return goredis.NewClient(opts), nil
}

func useKinds(kinds func(yield func(string) bool)) error {
	rdb, err := ofKinds(kinds) // want `rdb is never closed`
	if err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

func ofSomeKinds(kinds func(yield func(string) bool)) (*goredis.Client, error) {
	for kind := range kinds {
		if kind == "" {
			return nil, nil
		}
	}
	return goredis.NewClient(opts), nil
}

func useSomeKinds(kinds func(yield func(string) bool)) error {
	rdb, err := ofSomeKinds(kinds) // want `rdb is never closed`
	if err != nil || rdb == nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}
