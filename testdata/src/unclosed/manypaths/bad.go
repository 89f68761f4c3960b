package manypaths

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

var (
	ctx    = context.Background()
	errOdd = errors.New("odd")
)

func ask() bool { return len(ctx.Err().Error()) > 3 }

// A call that may fail has two outcomes. A row of them has no more.
func row(keys []string) {
	rdb := redis.NewClient(nil) // want `rdb is never closed`
	_, err := read(rdb, keys[0])
	note(err)
	_, err = read(rdb, keys[1])
	note(err)
	_, err = read(rdb, keys[2])
	note(err)
	_, err = read(rdb, keys[3])
	note(err)
	_, err = read(rdb, keys[4])
	note(err)
	_, err = read(rdb, keys[5])
	note(err)
	_, err = read(rdb, keys[6])
	note(err)
	_, err = read(rdb, keys[7])
	note(err)
	_, err = read(rdb, keys[8])
	note(err)
	_, err = read(rdb, keys[9])
	note(err)
	_, err = read(rdb, keys[10])
	note(err)
	_, err = read(rdb, keys[11])
	note(err)
	_, err = read(rdb, keys[12])
	note(err)
	held := holder{rdb}
	held.touch()
}

type holder struct{ rdb *redis.Client }

func (h *holder) touch() { h.rdb.Ping(ctx) }

func note(error) {}

func read(rdb *redis.Client, key string) (string, error) {
	if key == "" {
		return "", errOdd
	}
	return rdb.Get(ctx, key).Val(), nil
}

// What it is passed to is too intricate to be followed, and does nothing but use
// it on whatever path.
func intricate() {
	rdb := redis.NewClient(nil) // want `rdb is never closed`
	uses(rdb)
}

func uses(rdb *redis.Client) int {
	a, b, c, d, e, f, g, h, i, j, k, l := ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask()
	n := 0
	if a {
		n++
	}
	if b {
		n++
	}
	if c {
		n++
	}
	if d {
		n++
	}
	if e {
		n++
	}
	if f {
		n++
	}
	if g {
		n++
	}
	if h {
		n++
	}
	if i {
		n++
	}
	if j {
		n++
	}
	if k {
		n++
	}
	if l {
		n++
	}
	rdb.Ping(ctx)
	if a && b && c && d && e && f && g && h && i && j && k && l {
		n++
	}
	return n
}
