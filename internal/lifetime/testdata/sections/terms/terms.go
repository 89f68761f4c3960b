// Package terms holds docs/engine.md, Terms.
package terms

import (
	"strings"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

type config struct{ cached bool }

func (c config) on() bool { return c.cached }

func work() {}

// A field of a parameter passed by value is one condition.
func FieldOfValue(cfg config) {
	var rdb *redis.Client
	if cfg.cached {
		rdb = redis.NewClient(nil) // engine: released
	}
	if cfg.cached {
		rdb.Close()
	}
}

// A method without effects on a value is one condition.
func PureMethod(cfg config) {
	var rdb *redis.Client
	if cfg.on() {
		rdb = redis.NewClient(nil) // engine: released, undeferred +3
	}
	if cfg.on() {
		rdb.Close()
	}
}

// A pure function of the standard library is one condition.
func PureStandard(name string) {
	var rdb *redis.Client
	if strings.HasPrefix(name, "r") {
		rdb = redis.NewClient(nil) // engine: released, undeferred +3
	}
	if strings.HasPrefix(name, "r") {
		rdb.Close()
	}
}

// Other arguments are another condition.
func PureOther(name string) {
	var rdb *redis.Client
	if strings.HasPrefix(name, "r") {
		rdb = redis.NewClient(nil) // engine: leaks +5
	}
	if strings.HasPrefix(name, "s") {
		rdb.Close()
	}
}

// The length of a container is one term, and "more than none" excludes "none".
func Length(names []string) {
	var rdb *redis.Client
	if len(names) > 0 {
		rdb = redis.NewClient(nil) // engine: released
	}
	if len(names) == 0 {
		return
	}
	rdb.Close()
}

// Order facts: more than three is not less than two.
func Order(n int) {
	if n > 3 {
		rdb := redis.NewClient(nil) // engine: released
		if n < 2 {
			return
		}
		rdb.Close()
	}
}

// One constant is not another.
func Unequal(mode string) {
	var rdb *redis.Client
	if mode == "a" {
		rdb = redis.NewClient(nil) // engine: released
	}
	if mode == "b" {
		return
	}
	if mode == "a" {
		rdb.Close()
	}
}

// Where one excludes the other, no third question is needed.
func Excluded(mode string) {
	if mode == "a" {
		rdb := redis.NewClient(nil) // engine: released
		if mode == "b" {
			return
		}
		rdb.Close()
	}
}

// More than three may be less than five.
func OrderOverlaps(n int) {
	if n > 3 {
		rdb := redis.NewClient(nil) // engine: leaks +2
		if n < 5 {
			return
		}
		rdb.Close()
	}
}

// A parameter that a deferred literal reads is the parameter.
func ReadByDeferred(cached bool) {
	var rdb *redis.Client
	defer func() {
		if cached {
			rdb.Close()
		}
	}()
	if cached {
		rdb = redis.NewClient(nil) // engine: released
	}
}

// The error of opening decides whether there is something to release.
func OpenError() error {
	c, err := redigo.Dial("tcp", "") // engine: released
	if err != nil {
		return err
	}
	defer c.Close()
	return nil
}

func other() error { return nil }

// An error that somebody else made says nothing of it.
func OtherError() error {
	c, err := redigo.Dial("tcp", "") // engine: leaks +5
	if err != nil {
		return err
	}
	if err := other(); err != nil {
		return err
	}
	return c.Close()
}
