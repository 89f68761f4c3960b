package quiet

import (
	"time"

	goredis "github.com/redis/go-redis/v9"
)

func apply[T any](v *T, fs ...func(*T)) *T {
	for _, f := range fs {
		f(v)
	}
	return v
}

func fast(o *goredis.Options) { o.DialerRetries = 1 }

// The func that is given sets it.
func applied(addr string) *goredis.Client {
	return goredis.NewClient(apply(&goredis.Options{Addr: addr}, func(o *goredis.Options) { o.DB = 1 }, fast))
}

// What it sets is not known.
func withRetries(n int) func(*goredis.Options) {
	return func(o *goredis.Options) { o.DialerRetries = n }
}

func captured(addr string, n int) *goredis.Client {
	return goredis.NewClient(apply(&goredis.Options{Addr: addr}, withRetries(n)))
}

// The funcs are not known.
func passedOn(addr string, fs ...func(*goredis.Options)) *goredis.Client {
	return goredis.NewClient(apply(&goredis.Options{Addr: addr}, fs...))
}

// A later one sets it right.
func corrected(addr string) *goredis.Client {
	return goredis.NewClient(apply(&goredis.Options{Addr: addr}, func(o *goredis.Options) { o.ReadTimeout = time.Minute },
		func(o *goredis.Options) { o.ReadTimeout, o.DialerRetries = time.Second, 1 }))
}

// Each row of the table is short.
func tabled(name string) *goredis.Client {
	return goredis.NewClient(map[string]*goredis.Options{"a": {DialerRetries: 1}, "b": {Addr: "b", DialerRetries: 1}}[name])
}

// What is taken out of the table is set right.
func completed(name string) *goredis.Client {
	o := map[string]*goredis.Options{"a": {Addr: "a"}, "b": {Addr: "b"}}[name]
	o.DialerRetries = 1
	return goredis.NewClient(o)
}

// Somebody else may write to the table.
func filledIn(name string, fill func(map[string]*goredis.Options)) *goredis.Client {
	table := map[string]*goredis.Options{"a": {Addr: "a"}}
	fill(table)
	return goredis.NewClient(table[name])
}

// So may a loop to the list.
func looped(i int) *goredis.Client {
	all := []*goredis.Options{{Addr: "a"}, {Addr: "b"}}
	for _, o := range all {
		o.DialerRetries = 1
	}
	return goredis.NewClient(all[i])
}
