// Package merging holds docs/engine.md, When two states merge.
package merging

import (
	"context"

	"github.com/redis/go-redis/v9"
)

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

var (
	names   = []string{"a", "b"}
	limits  = []string{"1", "2"}
	schemas = map[string]int{"a": 1}
)

func put(rdb *redis.Client, key string) error { return rdb.Set(context.Background(), key, 1, 0).Err() }

// How far a loop has come over a container in which no resource can be decides
// nothing, and neither does its index. Nested loops one after the other stay few
// states, and the helper is understood.
func seed(rdb *redis.Client) error {
	for _, n := range names {
		if err := put(rdb, n); err != nil {
			return err
		}
	}
	for _, l := range limits {
		if err := put(rdb, l); err != nil {
			return err
		}
	}
	for _, n := range names {
		for _, l := range limits {
			if err := put(rdb, n+l); err != nil {
				return err
			}
		}
	}
	for _, l := range limits {
		for n := range schemas {
			for _, m := range names {
				if err := put(rdb, l+n+m); err != nil {
					return err
				}
			}
		}
	}
	if err := put(rdb, "0"); err != nil {
		return err
	}
	if err := put(rdb, "1"); err != nil {
		return err
	}
	if err := put(rdb, "2"); err != nil {
		return err
	}
	if err := put(rdb, "3"); err != nil {
		return err
	}
	if err := put(rdb, "4"); err != nil {
		return err
	}
	if err := put(rdb, "5"); err != nil {
		return err
	}
	if err := put(rdb, "6"); err != nil {
		return err
	}
	if err := put(rdb, "7"); err != nil {
		return err
	}
	if err := put(rdb, "8"); err != nil {
		return err
	}
	if err := put(rdb, "9"); err != nil {
		return err
	}
	if err := put(rdb, "10"); err != nil {
		return err
	}
	if err := put(rdb, "11"); err != nil {
		return err
	}
	for _, n := range names {
		for _, l := range limits {
			if err := put(rdb, l+n); err != nil {
				return err
			}
		}
	}
	return nil
}

func Seeded() error {
	rdb := redis.NewClient(nil) // engine: leaks +1
	return seed(rdb)
}

// Over a container of resources it is told how far the loop has come.
func SeededAll() {
	var all []*redis.Client
	for range names {
		all = append(all, redis.NewClient(nil)) // engine: released
	}
	for _, rdb := range all {
		rdb.Close()
	}
}
