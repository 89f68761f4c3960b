package asked

import "github.com/redis/go-redis/v9"

type defaults struct {
	f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11 string
}

// Defaults that nothing asks for again do not multiply the paths.
func manyDefaults(d *defaults, stop func() bool) error {
	if d.f0 == "" {
		d.f0 = "x"
	}
	if d.f1 == "" {
		d.f1 = "x"
	}
	if d.f2 == "" {
		d.f2 = "x"
	}
	if d.f3 == "" {
		d.f3 = "x"
	}
	if d.f4 == "" {
		d.f4 = "x"
	}
	if d.f5 == "" {
		d.f5 = "x"
	}
	if d.f6 == "" {
		d.f6 = "x"
	}
	if d.f7 == "" {
		d.f7 = "x"
	}
	if d.f8 == "" {
		d.f8 = "x"
	}
	if d.f9 == "" {
		d.f9 = "x"
	}
	if d.f10 == "" {
		d.f10 = "x"
	}
	if d.f11 == "" {
		d.f11 = "x"
	}
	rdb := redis.NewClient(&redis.Options{Addr: d.f0, Username: d.f1, Password: d.f2}) // want `not closed on all paths: the return at line \d+ leaves it open`
	if stop() {
		return nil
	}
	return rdb.Close()
}

// Too many paths to follow, and nothing on any of them closes.
func tooMany(stop []func() bool) (n int) {
	rdb := redis.NewClient(&redis.Options{}) // want `rdb is never closed`
	var b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15 bool
	if stop[0]() {
		b0 = true
		rdb.Ping(ctx)
	}
	if stop[1]() {
		b1 = true
		rdb.Ping(ctx)
	}
	if stop[2]() {
		b2 = true
		rdb.Ping(ctx)
	}
	if stop[3]() {
		b3 = true
		rdb.Ping(ctx)
	}
	if stop[4]() {
		b4 = true
		rdb.Ping(ctx)
	}
	if stop[5]() {
		b5 = true
		rdb.Ping(ctx)
	}
	if stop[6]() {
		b6 = true
		rdb.Ping(ctx)
	}
	if stop[7]() {
		b7 = true
		rdb.Ping(ctx)
	}
	if stop[8]() {
		b8 = true
		rdb.Ping(ctx)
	}
	if stop[9]() {
		b9 = true
		rdb.Ping(ctx)
	}
	if stop[10]() {
		b10 = true
		rdb.Ping(ctx)
	}
	if stop[11]() {
		b11 = true
		rdb.Ping(ctx)
	}
	if stop[12]() {
		b12 = true
		rdb.Ping(ctx)
	}
	if stop[13]() {
		b13 = true
		rdb.Ping(ctx)
	}
	if stop[14]() {
		b14 = true
		rdb.Ping(ctx)
	}
	if stop[15]() {
		b15 = true
		rdb.Ping(ctx)
	}
	if b0 {
		n++
	}
	if b1 {
		n++
	}
	if b2 {
		n++
	}
	if b3 {
		n++
	}
	if b4 {
		n++
	}
	if b5 {
		n++
	}
	if b6 {
		n++
	}
	if b7 {
		n++
	}
	if b8 {
		n++
	}
	if b9 {
		n++
	}
	if b10 {
		n++
	}
	if b11 {
		n++
	}
	if b12 {
		n++
	}
	if b13 {
		n++
	}
	if b14 {
		n++
	}
	if b15 {
		n++
	}
	return n
}

// The same length decides, and the wrong side closes.
func wrongSide(addrs []string) {
	var rdb *redis.Client
	if len(addrs) > 0 {
		rdb = dial(addrs[0]) // want `not closed on all paths`
	}
	println(addrs)
	if len(addrs) > 1 {
		rdb.Close()
	}
}
