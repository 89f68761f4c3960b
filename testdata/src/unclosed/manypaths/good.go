package manypaths

import "github.com/redis/go-redis/v9"

// Too intricate, and it closes the client on some path: nobody can say.
func handsOver() {
	rdb := redis.NewClient(nil)
	closesSometimes(rdb)
}

func closesSometimes(rdb *redis.Client) {
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
	if a && b && c && d && e && f && g && h && i && j && k && l {
		n++
	}
	if a {
		rdb.Close()
	}
	if !a {
		rdb.Close()
	}
}

// A row of calls, and a flag from before them that says what to do behind it.
func rowWithFlag(keys []string, own bool) {
	var rdb *redis.Client
	if own {
		rdb = redis.NewClient(nil)
	}
	_, err := read(rdb, keys[0])
	note(err)
	_, err = read(rdb, keys[1])
	note(err)
	_, err = read(rdb, keys[2])
	note(err)
	if own {
		rdb.Close()
	}
}

// What a call said decides behind others.
func rowWithAnswer(keys []string) {
	rdb := redis.NewClient(nil)
	_, first := read(rdb, keys[0])
	_, err := read(rdb, keys[1])
	note(err)
	_, err = read(rdb, keys[2])
	note(err)
	if first != nil {
		rdb.Close()
	}
	if first == nil {
		rdb.Close()
	}
}
