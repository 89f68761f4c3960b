package found

import (
	"time"

	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

// apply runs funcs on anything.
func apply[T any](v *T, fs ...func(*T)) *T {
	for _, f := range fs {
		f(v)
	}
	return v
}

// The func that is given sets something else.
func appliedOther(addr string) *goredis.Client {
	return goredis.NewClient(apply(&goredis.Options{Addr: addr}, func(o *goredis.Options) { o.DB = 1 })) // want `dialing may take 25s`
}

// None is given.
func appliedNone(addr string) *goredis.Client {
	return goredis.NewClient(apply(&goredis.Options{Addr: addr})) // want `dialing may take 25s`
}

// The last one counts.
func appliedLast(addr string) *goredis.Client {
	return goredis.NewClient(apply(&goredis.Options{Addr: addr}, short, func(o *goredis.Options) { o.ReadTimeout = time.Minute })) // want `sets ReadTimeout to 1m0s`
}

func short(o *goredis.Options) { o.DialerRetries, o.ReadTimeout = 1, time.Second }

// One func, in a function of its own.
func configured(addr string, f func(*rueidis.ClientOption)) (rueidis.Client, error) {
	o := rueidis.ClientOption{InitAddress: []string{addr}}
	f(&o)
	return rueidis.NewClient(o)
}

// One row of a table.
func tabled(name string) *goredis.Client {
	return goredis.NewClient(map[string]*goredis.Options{"a": {DialerRetries: 1}, "b": {Addr: "b", DialerRetries: 1, ReadTimeout: time.Minute}}[name]) // want `sets ReadTimeout to 1m0s`
}

// One element of a list.
func listed(i int) *goredis.Client {
	all := []*goredis.Options{{DialerRetries: 1}, {Addr: "b", DialerRetries: 1, ReadTimeout: time.Minute}}
	return goredis.NewClient(all[i]) // want `sets ReadTimeout to 1m0s`
}

// A client for each of a list.
func each(pools []*redis.Pool) (all []*goredis.Client) {
	for _, o := range []*goredis.Options{{Addr: "a"}, {Addr: "b"}} {
		all = append(all, goredis.NewClient(o)) // want `dialing may take 25s`
	}
	return all
}
