// Package closed closes what a service opens, or may.
package closed

import (
	"context"
	"io"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

// A function closes it.
var rdb = redis.NewClient(&redis.Options{})

func Shutdown() error { return rdb.Close() }

// Others can get at it.
var lent = redis.NewClient(&redis.Options{})

func Client() *redis.Client { return lent }

// It is handed to somebody who may keep it.
var given = redis.NewClient(&redis.Options{})

func hand(to func(io.Closer)) { to(given) }

// It is in a list of what is to be closed.
var listed = redis.NewClient(&redis.Options{})

var closers = []io.Closer{listed}

// A helper closes it.
var helped *redis.Client

func start() { helped = redis.NewClient(&redis.Options{}) }

func stop() { closeIt(helped) }

func closeIt(c io.Closer) { c.Close() }

// Somebody else sets it.
var set *redis.Client

func Use(c *redis.Client) { set = c }

func ping() { set.Ping(ctx) }

// Its address is given away.
var addressed *redis.Client

func fill() { into(&addressed) }

func into(p **redis.Client) { *p = redis.NewClient(&redis.Options{}) }

// A copy is closed.
var copied = redis.NewClient(&redis.Options{})

func closeCopy() {
	c := copied
	defer c.Close()
	c.Ping(ctx)
}

// A pool whose closing is deferred by the function that sets it.
var pool *redigo.Pool

func run() {
	pool = redigo.NewPool(nil, 3)
	defer pool.Close()
	work()
}

func work() {}
