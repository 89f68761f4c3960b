package lent

import (
	"context"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
)

// release closes what getConn got from the pool.
func (a *adapter) release(conn redis.Conn) {
	if a.pool != nil && conn != nil {
		conn.Close()
	}
}

// A helper that knows whose it is releases it.
func (a *adapter) released(key string) error {
	conn := a.getConn()
	defer a.release(conn)
	_, err := conn.Do("DEL", key)
	return err
}

// The caller tells the two apart.
func toldApart(ctx context.Context, pool *redis.Pool) error {
	conn := fromContext(ctx, pool)
	if ctx.Value(connKey{}) == nil {
		defer conn.Close()
	}
	_, err := conn.Do("SET", "k", 1)
	return err
}

// Released on one path only: whose it is on the other is not known.
func sometimes(ctx context.Context, pool *redis.Pool, mine bool) error {
	conn := fromContext(ctx, pool)
	_, err := conn.Do("SET", "k", 1)
	if mine {
		conn.Close()
	}
	return err
}

// What is lent may be kept.
func (a *adapter) keep(b *adapter) { b.conn = a.getConn() }

// A parameter goes back to who passed it.
func orDefault(rdb *goredis.Client) *goredis.Client {
	if rdb != nil {
		return rdb
	}
	return goredis.NewClient(&goredis.Options{})
}

func passesItsOwn(ctx context.Context, rdb *goredis.Client) string {
	return orDefault(rdb).Get(ctx, "k").Val()
}

type lazy struct{ rdb *goredis.Client }

// A client made on demand is kept, and lent to every caller.
func (l *lazy) client() *goredis.Client {
	if l.rdb == nil {
		l.rdb = goredis.NewClient(&goredis.Options{})
	}
	return l.rdb
}

func (l *lazy) get(ctx context.Context) string { return l.client().Get(ctx, "k").Val() }

// Close ends it.
func (l *lazy) Close() error {
	if l.rdb == nil {
		return nil
	}
	return l.rdb.Close()
}

// What a returned func opens is closed.
func viaFuncClosed(ctx context.Context) string {
	rdb := dialer("cache:6379")()
	defer rdb.Close()
	return rdb.Get(ctx, "k").Val()
}

// The func may be another one by then.
func replaced(ctx context.Context, shared *goredis.Client, share bool) string {
	open := dialer("cache:6379")
	if share {
		open = func() *goredis.Client { return shared }
	}
	return open().Get(ctx, "k").Val()
}
