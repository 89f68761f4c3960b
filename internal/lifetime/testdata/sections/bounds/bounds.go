// Package bounds holds docs/engine.md, Why the search ends, and what each bound silences.
package bounds

import (
	"context"

	"github.com/redis/go-redis/v9"
)

func work() {}

func ask() bool { return len(asked) > 0 }

var asked []int

// Twelve parameters asked twice are 4,096 states. The second, coarse search
// does not relate the questions, and sees the leak.
func Coarse(a, b, c, d, e, f, g, h, i, j, k, l bool) {
	rdb := redis.NewClient(nil) // engine: leaks +74
	if a {
		work()
	}
	if b {
		work()
	}
	if c {
		work()
	}
	if d {
		work()
	}
	if e {
		work()
	}
	if f {
		work()
	}
	if g {
		work()
	}
	if h {
		work()
	}
	if i {
		work()
	}
	if j {
		work()
	}
	if k {
		work()
	}
	if l {
		work()
	}
	if a {
		work()
	}
	if b {
		work()
	}
	if c {
		work()
	}
	if d {
		work()
	}
	if e {
		work()
	}
	if f {
		work()
	}
	if g {
		work()
	}
	if h {
		work()
	}
	if i {
		work()
	}
	if j {
		work()
	}
	if k {
		work()
	}
	if l {
		work()
	}
	rdb.Ping(context.Background())
}

// Twelve local variables are too many for that one too. Nothing here releases
// the client on any path, so it is never closed.
func OnlyBorrowed() {
	a, b, c, d, e, f, g, h, i, j, k, l := ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask()
	rdb := redis.NewClient(nil) // engine: leaks +74
	if a {
		work()
	}
	if b {
		work()
	}
	if c {
		work()
	}
	if d {
		work()
	}
	if e {
		work()
	}
	if f {
		work()
	}
	if g {
		work()
	}
	if h {
		work()
	}
	if i {
		work()
	}
	if j {
		work()
	}
	if k {
		work()
	}
	if l {
		work()
	}
	if a {
		work()
	}
	if b {
		work()
	}
	if c {
		work()
	}
	if d {
		work()
	}
	if e {
		work()
	}
	if f {
		work()
	}
	if g {
		work()
	}
	if h {
		work()
	}
	if i {
		work()
	}
	if j {
		work()
	}
	if k {
		work()
	}
	if l {
		work()
	}
	rdb.Ping(context.Background())
}

// Where something may release it, the engine gives up.
func GivesUp() {
	a, b, c, d, e, f, g, h, i, j, k, l := ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask(), ask()
	rdb := redis.NewClient(nil) // engine: moved: too many paths
	if a {
		work()
	}
	if b {
		work()
	}
	if c {
		work()
	}
	if d {
		work()
	}
	if e {
		work()
	}
	if f {
		work()
	}
	if g {
		work()
	}
	if h {
		work()
	}
	if i {
		work()
	}
	if j {
		work()
	}
	if k {
		work()
	}
	if l {
		work()
	}
	if a {
		work()
	}
	if b {
		work()
	}
	if c {
		work()
	}
	if d {
		work()
	}
	if e {
		work()
	}
	if f {
		work()
	}
	if g {
		work()
	}
	if h {
		work()
	}
	if i {
		work()
	}
	if j {
		work()
	}
	if k {
		work()
	}
	if l {
		work()
	}
	if a {
		rdb.Close()
	}
}
