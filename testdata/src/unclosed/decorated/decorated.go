// Package decorated holds owners that hold their resource behind an interface,
// and owners of owners.
package decorated

import (
	"context"

	"github.com/redis/go-redis/v9"
)

type Cache interface {
	Get(ctx context.Context, k string) (string, error)
	Close() error
}
type redisCache struct{ c *redis.Client }

func (r *redisCache) Get(ctx context.Context, k string) (string, error) {
	return r.c.Get(ctx, k).Result()
}
func (r *redisCache) Close() error { return r.c.Close() }

type logged struct{ Cache }

func (l *logged) Get(ctx context.Context, k string) (string, error) { return l.Cache.Get(ctx, k) }

type named struct{ in Cache }

func (l *named) Get(ctx context.Context, k string) (string, error) { return l.in.Get(ctx, k) }
func (l *named) Close() error                                      { return l.in.Close() }

func wrap(c Cache) Cache { return &named{c} }

func dial() Cache { return &redisCache{redis.NewClient(&redis.Options{})} }

func open2() Cache  { return &logged{&redisCache{redis.NewClient(&redis.Options{})}} }
func open3() Cache  { return &named{&redisCache{redis.NewClient(&redis.Options{})}} }
func open4() *named { return &named{&redisCache{redis.NewClient(&redis.Options{})}} }
func open5() Cache  { return wrap(dial()) }
func open6() Cache  { return wrap(wrap(dial())) }
func open7() Cache  { return &named{dial()} }

func lost2(ctx context.Context) {
	c := open2() // want `c is never closed`
	c.Get(ctx, "")
}
func lost3(ctx context.Context) {
	c := open3() // want `c is never closed`
	c.Get(ctx, "")
}
func lost4(ctx context.Context) {
	c := open4() // want `c is never closed`
	c.Get(ctx, "")
}
func lost5(ctx context.Context) {
	c := open5() // want `c is never closed`
	c.Get(ctx, "")
}
func lost6(ctx context.Context) {
	c := open6() // want `c is never closed`
	c.Get(ctx, "")
}
func lost7(ctx context.Context) {
	c := open7() // want `c is never closed`
	c.Get(ctx, "")
}
func kept2(ctx context.Context) {
	c := open2()
	defer c.Close()
	c.Get(ctx, "")
}
func kept3(ctx context.Context) {
	c := open3()
	defer c.Close()
	c.Get(ctx, "")
}
func kept4(ctx context.Context) {
	c := open4()
	defer c.Close()
	c.Get(ctx, "")
}
func kept5(ctx context.Context) {
	c := open5()
	defer c.Close()
	c.Get(ctx, "")
}
func kept6(ctx context.Context) {
	c := open6()
	defer c.Close()
	c.Get(ctx, "")
}
func kept7(ctx context.Context) {
	c := open7()
	defer c.Close()
	c.Get(ctx, "")
}
