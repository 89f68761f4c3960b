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

type reader interface {
	Read(ctx context.Context, key string) (string, error)
	Close() error
}

type direct struct{ c *redis.Client }

func (d *direct) Read(ctx context.Context, key string) (string, error) {
	return d.c.Get(ctx, key).Result()
}
func (d *direct) Close() error { return d.c.Close() }

func openReader() reader { return &direct{redis.NewClient(&redis.Options{})} }

// Decorators by value, one in another.
type plain struct{ reader }

type prefixing struct {
	next   reader
	prefix string
}

func (p prefixing) Read(ctx context.Context, key string) (string, error) {
	return p.next.Read(ctx, p.prefix+key)
}
func (p prefixing) Close() error { return p.next.Close() }

type forgetting struct {
	next reader
	n    int
}

func (f forgetting) Read(ctx context.Context, key string) (string, error) {
	return f.next.Read(ctx, key)
}
func (f forgetting) Close() error { return nil }

func plainPrefixing(ctx context.Context) (string, error) {
	var r reader = plain{prefixing{openReader(), "x:"}} // want `never closed`
	return r.Read(ctx, "k")
}

func plainPrefixingCloses(ctx context.Context) (string, error) {
	var r reader = plain{prefixing{openReader(), "x:"}}
	defer r.Close()
	return r.Read(ctx, "k")
}

func prefixingTwice(ctx context.Context) (string, error) {
	r := prefixing{prefixing{openReader(), "y:"}, "x:"} // want `never closed`
	return r.Read(ctx, "k")
}

func prefixingTwiceCloses(ctx context.Context) (string, error) {
	r := prefixing{prefixing{openReader(), "y:"}, "x:"}
	defer r.Close()
	return r.Read(ctx, "k")
}

func prefixingThrice(ctx context.Context) (string, error) {
	var r reader = prefixing{plain{prefixing{openReader(), "y:"}}, "x:"}
	defer r.Close()
	return r.Read(ctx, "k")
}

func forgettingOutside(ctx context.Context) (string, error) {
	var r reader = forgetting{prefixing{openReader(), "y:"}, 1} // want `never closed|nothing closes`
	defer r.Close()
	return r.Read(ctx, "k")
}

func forgettingInside(ctx context.Context) (string, error) {
	var r reader = prefixing{forgetting{openReader(), 1}, "y:"} // want `never closed|nothing closes`
	defer r.Close()
	return r.Read(ctx, "k")
}

// The struct is copied out of the interface again.
func asserted(ctx context.Context) (string, error) {
	var r reader = prefixing{openReader(), "y:"}
	p := r.(prefixing)
	defer p.next.Close()
	return p.Read(ctx, "k")
}

func assertedInside(ctx context.Context) (string, error) {
	var r reader = plain{prefixing{openReader(), "y:"}}
	p := r.(plain)
	q := p.reader.(prefixing)
	defer q.Close()
	return q.Read(ctx, "k")
}

type service struct{ r reader }

func newService() *service {
	return &service{r: plain{prefixing{openReader(), "y:"}}}
}
func (s *service) Close() error { return s.r.Close() }

type lostService struct{ r reader }

func newLostService() *lostService {
	return &lostService{r: plain{prefixing{openReader(), "y:"}}} // want `never closed`
}
func (s *lostService) Read(ctx context.Context) (string, error) { return s.r.Read(ctx, "k") }
