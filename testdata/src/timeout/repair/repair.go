// Package repair shows what becomes of the findings.
package repair

import (
	"github.com/gomodule/redigo/redis"
	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
)

func inLine(addr string) *goredis.Client {
	return goredis.NewClient(&goredis.Options{Addr: addr}) // want `dialing may take 25s`
}

func inLines(addr string) *goredis.Client {
	return goredis.NewClient(&goredis.Options{ // want `sets ReadTimeout to -1`
		Addr:        addr,
		ReadTimeout: -1, // for ever
	})
}

func inSteps(addr string) *goredis.Client {
	opt := new(goredis.Options)
	opt.Addr = addr
	opt.ReadTimeout = -1
	return goredis.NewClient(opt) // want `sets ReadTimeout to -1`
}

func dial(addr string) (redis.Conn, error) {
	return redis.Dial("tcp", addr) // want `sets no dial, read or write timeout`
}

func dialLines(addr string) (redis.Conn, error) {
	return redis.Dial("tcp", addr, // want `has no dial or write timeout and sets DialReadTimeout to 0`
		redis.DialReadTimeout(0),
	)
}

func nested(addr string) (rueidis.Client, error) {
	option := rueidis.ClientOption{ // want `leaves ConnWriteTimeout at 10s`
		InitAddress: []string{addr},
	}
	return rueidis.NewClient(option)
}
