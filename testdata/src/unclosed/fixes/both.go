package fixes

import (
	"fmt"

	goredis "github.com/redis/go-redis/v9"
)

// A constructor forgets it where it fails, and its type where it does not: the
// one is mended, the other is a matter of the type's methods.
func constructs() (*noCloser, error) {
	rdb := goredis.NewClient(opts) // want `the return at line 14 leaves it open` `and nothing \w+ it there`
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return &noCloser{rdb: rdb}, nil
}

// So it is where what is built is returned beside the error.
func constructsAnyway() (*noCloser, error) {
	rdb := goredis.NewClient(opts) // want `returns it together with a non-nil error` `and nothing \w+ it there`
	n := &noCloser{rdb: rdb}
	if err := n.ping(); err != nil {
		return n, err
	}
	return n, nil
}

// Here both can be mended: the only caller keeps the owner to itself.
type totals struct{ rdb *goredis.Client }

func newTotals() (*totals, error) {
	rdb := goredis.NewClient(opts) // want `is not closed on all paths` `and nothing \w+ it there`
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return &totals{rdb: rdb}, nil
}

func (t *totals) add(key string) int64 { return t.rdb.Incr(ctx, key).Val() }

func prints() error {
	t, err := newTotals()
	if err != nil {
		return err
	}
	fmt.Println(t.add("k"))
	return nil
}

// And here one deferred release mends both.
type sized struct {
	rdb  *goredis.Client
	keys int64
}

func newSized() (*sized, error) {
	s := &sized{}
	s.rdb = goredis.NewClient(opts) // want `is not closed on all paths` `and nothing \w+ it there`
	if err := s.rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	s.keys = s.rdb.Incr(ctx, "starts").Val()
	return s, nil
}

// The type has a method, which forgets a field.
type pair struct{ main, spare *goredis.Client }

func newPair() (*pair, error) {
	main := goredis.NewClient(opts) // want `main is not closed on all paths`
	if err := main.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	spare := goredis.NewClient(opts) // want `spare is not closed on all paths` `pair.Close does not close spare`
	if err := spare.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return &pair{main, spare}, nil
}

func (p *pair) Close() error {
	return p.main.Close()
}

func usesPair() error {
	p, err := newPair()
	if err != nil {
		return err
	}
	defer p.Close()
	return p.spare.Ping(ctx).Err()
}

// The owner is there already when it fails.
type slots struct{ rdb *goredis.Client }

func newSlots() (*slots, error) {
	s := &slots{rdb: goredis.NewClient(opts)} // want `is not closed on all paths` `and nothing \w+ it there`
	defer fmt.Println("made")
	if err := s.rdb.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *slots) size() int64 { return s.rdb.Incr(ctx, "slots").Val() }
