package owners

import (
	goredis "github.com/redis/go-redis/v9"
)

// What a constructor closes where it fails is not what it hands out.
type tidy struct{ rdb *goredis.Client }

func newTidy() (*tidy, error) {
	c := &tidy{rdb: goredis.NewClient(opts())} // want `it is stored in tidy.rdb, and nothing closes it there`
	defer ping(c.rdb)
	if err := work(); err != nil {
		c.rdb.Close()
		return nil, err
	}
	return c, nil
}

func (c *tidy) get(key string) string { return c.rdb.Get(ctx, key).Val() }

func ping(rdb *goredis.Client) { rdb.Ping(ctx) }

type tidyLater struct{ rdb *goredis.Client }

func newTidyLater() (_ *tidyLater, err error) {
	c := &tidyLater{rdb: goredis.NewClient(opts())} // want `it is stored in tidyLater.rdb, and nothing closes it there`
	defer func() {
		if err != nil {
			c.rdb.Close()
		}
	}()
	if err := work(); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *tidyLater) get(key string) string { return c.rdb.Get(ctx, key).Val() }

// A func that the constructor gives out closes it.
type withFunc struct{ rdb *goredis.Client }

func newWithFunc() (*withFunc, func()) {
	w := &withFunc{rdb: goredis.NewClient(opts())}
	return w, func() { w.rdb.Close() }
}

func (w *withFunc) get(key string) string { return w.rdb.Get(ctx, key).Val() }

// So does whoever gets it.
type byUser struct{ rdb *goredis.Client }

func newByUser() (*byUser, error) {
	u := &byUser{rdb: goredis.NewClient(opts())}
	if err := work(); err != nil {
		u.rdb.Close()
		return nil, err
	}
	return u, nil
}

func usesByUser() error {
	u, err := newByUser()
	if err != nil {
		return err
	}
	defer u.rdb.Close()
	return u.rdb.Ping(ctx).Err()
}

// And a constructor that closes the old one of what it is given.
type replaced struct{ rdb *goredis.Client }

func renew(old *replaced) (*replaced, error) {
	r := &replaced{rdb: goredis.NewClient(opts())}
	if old != nil {
		old.rdb.Close()
	}
	return r, nil
}
