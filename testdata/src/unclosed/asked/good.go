// Package asked holds functions in which one condition is asked twice.
package asked

import (
	"context"
	"strings"

	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func dial(addr string) *redis.Client { return redis.NewClient(&redis.Options{Addr: addr}) }

type settings struct {
	shared bool
	shards int
	addr   string
}

func (s settings) big() bool { return s.shared && s.shards > 8 }

// A method without effects on a value.
func method(s settings) {
	var rdb *redis.Client
	if s.big() {
		rdb = dial(s.addr)
	}
	println(s.addr)
	if s.big() {
		rdb.Close()
	}
}

// A field of a parameter that is passed by value.
func field(s settings) {
	var rdb *redis.Client
	if !s.shared {
		rdb = dial(s.addr)
	}
	println(s.addr)
	if !s.shared {
		rdb.Close()
	}
}

// A function of the standard library that works on text.
func prefix(addr string) {
	var rdb *redis.Client
	if strings.HasPrefix(addr, "rediss:") {
		rdb = dial(addr)
	}
	println(addr)
	if strings.HasPrefix(addr, "rediss:") {
		rdb.Close()
	}
}

// A length, asked in two ways.
func length(addrs []string) {
	var rdb *redis.Client
	if len(addrs) > 0 {
		rdb = dial(addrs[0])
	}
	println(addrs)
	if len(addrs) == 0 {
		return
	}
	rdb.Close()
}

// Arithmetic.
func even(n int) {
	var rdb *redis.Client
	if n%2 == 0 {
		rdb = dial("even")
	}
	println(n)
	if n%2 == 0 {
		rdb.Close()
	}
}

// What is more than eight is not less than two.
func order(n int) {
	var rdb *redis.Client
	if n > 8 {
		rdb = dial("big")
	}
	println(n)
	switch {
	case n < 2:
		return
	case n <= 8:
		return
	}
	rdb.Close()
}

// A parameter that the deferred literal reads.
func deferred(use bool) error {
	var rdb *redis.Client
	if use {
		rdb = dial("a")
	}
	defer func() {
		if use {
			rdb.Close()
		}
	}()
	if rdb == nil {
		return nil
	}
	return rdb.Ping(ctx).Err()
}

// Text that looks like a name of something.
func version(v string) {
	var rdb *redis.Client
	if v == "api4" {
		rdb = dial(v)
	}
	println(v)
	if v == "api4" {
		rdb.Close()
	}
}
