// Package defaulted calls what opens a client only for calls that pass none.
package defaulted

import (
	"context"

	"unclosed/defaulted/lib"

	"github.com/redis/go-redis/v9"
)

func service(ctx context.Context) error {
	s := lib.New(nil) // want `s is never closed`
	return s.Ping(ctx)
}

func serviceCloses(ctx context.Context) error {
	s := lib.New(nil)
	defer s.Close()
	return s.Ping(ctx)
}

func serviceGiven(ctx context.Context, rdb *redis.Client) error {
	s := lib.New(rdb)
	return s.Ping(ctx)
}

func serviceUnknown(ctx context.Context, rdb redis.UniversalClient) error {
	return lib.New(rdb).Ping(ctx)
}

func or(ctx context.Context) error {
	rdb := lib.Or(nil) // want `rdb is never closed`
	return rdb.Ping(ctx).Err()
}

func orCloses(ctx context.Context) error {
	rdb := lib.Or(nil)
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

func orGiven(ctx context.Context, c *redis.Client) error {
	rdb := lib.Or(c)
	return rdb.Ping(ctx).Err()
}

func byDefault(ctx context.Context) error {
	rdb := lib.Default(nil) // want `rdb is never closed`
	return rdb.Ping(ctx).Err()
}

func byDefaultGiven(ctx context.Context, c *redis.Client) error {
	return lib.Default(c).Ping(ctx).Err()
}

func shared(ctx context.Context) error {
	return lib.Shared(nil).Ping(ctx).Err()
}

func own(ctx context.Context) error {
	rdb, err := lib.Dial(true) // want `rdb is never closed`
	if err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

func ownCloses(ctx context.Context) error {
	rdb, err := lib.Dial(true)
	if err != nil {
		return err
	}
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

func notOwn(ctx context.Context) error {
	rdb, err := lib.Dial(false)
	if err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

func ownOrNot(ctx context.Context, own bool) error {
	rdb, err := lib.Dial(own) // want `rdb is never closed`
	if err != nil {
		return err
	}
	return rdb.Ping(ctx).Err()
}

func perhaps(ctx context.Context) error {
	s, err := lib.Perhaps(nil, false)
	if err != nil {
		return err
	}
	return s.Ping(ctx)
}

type local struct{ rdb *redis.Client }

func newLocal(rdb *redis.Client) *local {
	if rdb == nil {
		rdb = redis.NewClient(&redis.Options{})
	}
	return &local{rdb}
}

func (l *local) Close() error { return l.rdb.Close() }

func useLocal(ctx context.Context) error {
	l := newLocal(nil) // want `l is never closed`
	return l.rdb.Ping(ctx).Err()
}

func useLocalCloses(ctx context.Context) error {
	l := newLocal(nil)
	defer l.Close()
	return l.rdb.Ping(ctx).Err()
}

func useLocalLent(ctx context.Context, rdb *redis.Client) error {
	l := newLocal(rdb)
	return l.rdb.Ping(ctx).Err()
}
