// Package uses runs commands inside and outside of scopes of another package.
package uses

import (
	"context"
	"errors"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
	"scope/helpers"
)

var ctx = context.Background()

type repo struct {
	rdb  *goredis.Client
	all  []*goredis.Client
	byID map[string]*goredis.Client
}

// Inside.

func ranged() {
	for rdb := range helpers.Each {
		rdb.Ping(ctx)
	}
}

func later() error {
	return helpers.Later(func(rdb *goredis.Client) error { return rdb.Ping(ctx).Err() })()
}

func fallback() string {
	return helpers.Fallback(ctx, "", func(rdb *goredis.Client) (string, error) { return rdb.Get(ctx, "k").Result() })
}

func session() error {
	return helpers.WithSession(func(s *helpers.Session) error { return s.Redis.Ping(ctx).Err() })
}

func pooled(p *helpers.Pool) error {
	return p.Do(ctx, func(c redis.Conn) error {
		_, err := c.Do("PING")
		return err
	})
}

func chosen(fast bool) error {
	op := func(_ context.Context, rdb *goredis.Client) error { return rdb.Ping(ctx).Err() }
	if fast {
		op = func(_ context.Context, rdb *goredis.Client) error { return rdb.Del(ctx, "k").Err() }
	}
	return helpers.Plain(ctx, op)
}

func table() (err error) {
	ops := []struct {
		name string
		fn   func(context.Context, *goredis.Client) error
	}{
		{"ping", func(_ context.Context, rdb *goredis.Client) error { return rdb.Ping(ctx).Err() }},
	}
	for _, op := range ops {
		err = helpers.Plain(ctx, op.fn)
	}
	return err
}

// A store that is made inside a scope.
type store struct{ rdb goredis.Cmdable }

func newStore(rdb goredis.Cmdable) *store { return &store{rdb: rdb} }

func (s *store) ping() error { return s.rdb.Ping(ctx).Err() }

func madeInside() error {
	return helpers.Plain(ctx, func(_ context.Context, rdb *goredis.Client) error { return newStore(rdb).ping() })
}

// By decree.
func decreed() error {
	return helpers.Named(func(rdb *goredis.Client) error { return rdb.Ping(ctx).Err() })
}

// By a literal of this function.
func literalScope() error {
	with := func(fn func(*goredis.Client) error) error {
		rdb := goredis.NewClient(&goredis.Options{})
		defer rdb.Close()
		return fn(rdb)
	}
	return with(func(rdb *goredis.Client) error { return rdb.Ping(ctx).Err() })
}

// Of unknown origin.
func unknown() error {
	rdb, _ := ctx.Value("redis").(*goredis.Client)
	return rdb.Ping(ctx).Err()
}

// Outside.

func getter() error {
	return helpers.Global().Ping(ctx).Err() // want `outside`
}

func same(r *repo) error {
	return helpers.Same(r.rdb).Ping(ctx).Err() // want `outside`
}

func handed(r *repo) error {
	return helpers.Command(ctx, r.rdb) // want `handed`
}

func tx(r *repo) error {
	return helpers.Tx(r.rdb, func(tx *goredis.Tx) error { return tx.Ping(ctx).Err() }) // want `handed`
}

func shared(r *repo) error {
	return helpers.Shared(r.rdb, func(rdb *goredis.Client) error { return rdb.Ping(ctx).Err() }) // want `outside`
}

func sharedInside() error {
	return helpers.Plain(ctx, func(_ context.Context, rdb *goredis.Client) error {
		return helpers.Shared(rdb, func(rdb *goredis.Client) error { return rdb.Ping(ctx).Err() })
	})
}

func forgotten() error {
	return helpers.Forgotten(func(rdb *goredis.Client) error { return rdb.Ping(ctx).Err() }) // want `outside`
}

func lucky() error {
	return helpers.Lucky(func(rdb *goredis.Client) error { return rdb.Ping(ctx).Err() }) // want `outside`
}

func element(r *repo) error {
	return r.all[0].Ping(ctx).Err() // want `outside`
}

func looked(r *repo) error {
	return r.byID["a"].Ping(ctx).Err() // want `outside`
}

func received(r *repo) error {
	c := make(chan *goredis.Client, 1)
	c <- r.rdb
	return (<-c).Ping(ctx).Err() // want `outside`
}

func either(r *repo, rdb *goredis.Client) error {
	if rdb == nil {
		rdb = r.rdb
	}
	return rdb.Ping(ctx).Err() // want `outside`
}

func derived(r *repo) error {
	pipe := r.rdb.Pipeline()
	pipe.Incr(ctx, "n")
	_, err := pipe.Exec(ctx) // want `outside`
	return err
}

func subscribed(r *repo) {
	sub := r.rdb.Subscribe(ctx, "news") // want `outside`
	defer sub.Close()
	<-sub.Channel()
}

func wrapped(r *repo) error {
	return newStore(r.rdb).ping()
}

// A type that wraps a client, made outside.
type logged struct{ goredis.Cmdable }

func handedWrapped(r *repo) error {
	return helpers.Command(ctx, &logged{r.rdb}) // want `handed`
}

// A connection of the client's, through the library's own types.
func sticky(r *repo) error {
	conn := r.rdb.Conn()
	err := conn.Ping(ctx).Err() // want `outside`
	return errors.Join(err, conn.Close())
}

// It is given back by a deferred call: an inline scope.
func stickyInline(r *repo) error {
	conn := r.rdb.Conn()
	defer conn.Close()
	return conn.Ping(ctx).Err()
}
