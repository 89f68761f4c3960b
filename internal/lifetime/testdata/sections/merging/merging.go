// Package merging holds docs/engine.md, When two states merge.
package merging

import "github.com/redis/go-redis/v9"

func work() {}

type config struct{ a, b, c, d, e, f, g, h, i, j, k, l int }

// Twelve defaulted fields are no 4,096 states.
func Defaults(cfg *config) {
	rdb := redis.NewClient(nil) // engine: leaks +35
	if cfg.a == 0 {
		cfg.a = 1
	}
	if cfg.b == 0 {
		cfg.b = 1
	}
	if cfg.c == 0 {
		cfg.c = 1
	}
	if cfg.d == 0 {
		cfg.d = 1
	}
	if cfg.e == 0 {
		cfg.e = 1
	}
	if cfg.f == 0 {
		cfg.f = 1
	}
	if cfg.g == 0 {
		cfg.g = 1
	}
	if cfg.h == 0 {
		cfg.h = 1
	}
	if cfg.i == 0 {
		cfg.i = 1
	}
	if cfg.j == 0 {
		cfg.j = 1
	}
	if cfg.k == 0 {
		cfg.k = 1
	}
	if cfg.l == 0 {
		return
	}
	rdb.Close()
}

// What is stored in a field and asked again is kept.
func AskedAgain(cfg *config, cached bool) {
	var rdb *redis.Client
	if cached {
		cfg.a = 1
		rdb = redis.NewClient(nil) // engine: released
	} else {
		cfg.a = 2
	}
	if cfg.a == 1 {
		rdb.Close()
	}
}

// Twelve questions that are asked once decide nothing.
func AskedOnce(a, b, c, d, e, f, g, h, i, j, k, l bool) {
	rdb := redis.NewClient(nil) // engine: released
	defer rdb.Close()
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
}
