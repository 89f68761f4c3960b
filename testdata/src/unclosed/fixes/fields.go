package fixes

import (
	"fmt"

	goredis "github.com/redis/go-redis/v9"
	"unclosed/mid"
)

// The field is only used while the method runs that sets it.
type copier struct {
	target *goredis.Client
	copied int
}

func (c *copier) copyAll(keys []string) error {
	c.target = goredis.NewClient(opts) // want `and nothing \w+ it there`
	for _, key := range keys {
		if err := c.copyKey(key); err != nil {
			return err
		}
	}
	return nil
}

func (c *copier) copyKey(key string) error {
	c.copied++
	return c.target.Set(ctx, key, "v", 0).Err()
}

func copies(keys []string) error {
	c := &copier{}
	defer func() { fmt.Println(c.copied) }()
	return c.copyAll(keys)
}

// The only caller keeps the owner to itself.
type counter struct {
	rdb *goredis.Client
}

func newCounter() *counter {
	return &counter{rdb: goredis.NewClient(opts)} // want `and nothing \w+ it there`
}

func (c *counter) count(key string) int64 { return c.rdb.Incr(ctx, key).Val() }

func counts() {
	c := newCounter()
	fmt.Println(c.count("visits"))
}

// The owner is a local of the function that opens what it keeps.
type asker struct {
	rdb  *goredis.Client
	name string
}

func (a *asker) ask() error { return a.rdb.Get(ctx, a.name).Err() }

func asks() error {
	a := &asker{name: "k", rdb: goredis.NewClient(opts)} // want `is never closed`
	return a.ask()
}

func asksBySetField() error {
	a := &asker{name: "k"}
	a.rdb = goredis.NewClient(opts) // want `is never closed`
	return a.ask()
}

// Only one function calls the constructor, which may fail.
type ranker struct {
	rdb *goredis.Client
}

func newRanker() (*ranker, error) {
	r := &ranker{rdb: goredis.NewClient(opts)} // want `and nothing \w+ it there`
	return r, nil
}

func (r *ranker) rank(key string) int64 { return r.rdb.Incr(ctx, key).Val() }

func ranks(r *ranker) int64 { return r.rank("a") + r.rank("b") }

func reports() error {
	r, err := newRanker()
	if err != nil {
		return err
	}
	fmt.Println(ranks(r))
	return nil
}

// The owner is of another package, and has a method with a name of its own.
func sessions() error {
	s, err := mid.NewSession("ann") // want `s is never`
	if err != nil {
		return err
	}
	fmt.Println(s.Read(ctx))
	return nil
}

// Of two that one call opens, one is forgotten.
func forgetsOne() error {
	db := bothDatabases() // want `db is never closed`
	defer db.main.Close()
	return db.replica.Ping(ctx).Err()
}
