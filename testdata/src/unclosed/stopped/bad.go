// Package stopped is about loops that close what is in a container, and stop
// before they have closed all of it.
package stopped

import (
	"context"
	"io"
	"time"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

var ctx = context.Background()

func client(addr string) *redis.Client { return redis.NewClient(&redis.Options{Addr: addr}) }

// The first error leaves the second one open.
func firstError() error {
	a := client("a")
	b := client("b") // want `b is not closed on all paths: the return at line 24`
	for _, c := range []io.Closer{a, b} {
		if err := c.Close(); err != nil {
			return err
		}
	}
	return nil
}

// Appended one by one.
func appended() (err error) {
	var list []io.Closer
	a := client("a")
	list = append(list, a)
	sub := a.Subscribe(ctx, "news") // want `sub is not closed on all paths`
	list = append(list, sub)
	_, err = sub.ReceiveMessage(ctx)
	for _, c := range list {
		if closeErr := c.Close(); closeErr != nil {
			return closeErr
		}
	}
	return err
}

// One for each address, in a slice; a break ends the loop.
func opened(addrs []string, enough func() bool) {
	var all []*redis.Client
	for _, addr := range addrs {
		all = append(all, client(addr)) // want `is not closed on all paths`
	}
	for _, c := range all {
		_ = c.Close()
		if enough() {
			break
		}
	}
}

// In a map, whose order is anyone's guess, and deferred.
func mapped() error {
	conns := map[string]redigo.Conn{}
	defer func() {
		for _, conn := range conns {
			if conn.Close() != nil {
				return
			}
		}
	}()
	for _, name := range []string{"a", "b"} {
		conn, err := redigo.DialURL(name) // want `conn is not closed on all paths`
		if err != nil {
			return err
		}
		conns[name] = conn
	}
	return nil
}

// By index, and only while there is time.
func inTime(deadline time.Time) {
	all := make([]*redis.Client, 2)
	all[0] = client("a")
	all[1] = client("b") // want `is not closed on all paths`
	for i := 0; i < len(all); i++ {
		all[i].Close()
		if time.Now().After(deadline) {
			return
		}
	}
}

// A loop over another list closes them, if there is one.
func otherLoop(addrs, names []string) {
	all := map[string]*redis.Client{}
	for _, addr := range addrs {
		all[addr] = client(addr) // want `is not closed on all paths`
	}
	for _, name := range names {
		all[name].Close()
	}
}
