package stopped

import (
	"errors"
	"io"
	"log"

	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

// All errors are collected.
func allErrors() (err error) {
	for _, c := range []io.Closer{client("a"), client("b")} {
		err = errors.Join(err, c.Close())
	}
	return err
}

// The first one is kept, and the loop goes on.
func firstKept() error {
	var first error
	var list []io.Closer
	list = append(list, client("a"))
	list = append(list, client("b"))
	for _, c := range list {
		if err := c.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

func logged(addrs []string) {
	var all []*redis.Client
	for _, addr := range addrs {
		all = append(all, client(addr))
	}
	for _, c := range all {
		if err := c.Close(); err != nil {
			log.Print(err)
			continue
		}
	}
}

// There is one in it: what stops has closed it.
func single() error {
	list := []io.Closer{client("a")}
	for _, c := range list {
		if err := c.Close(); err != nil {
			return err
		}
	}
	return nil
}

func singleAppended() error {
	var list []redigo.Conn
	conn, err := redigo.DialURL("a")
	if err != nil {
		return err
	}
	list = append(list, conn)
	for _, c := range list {
		if err := c.Close(); err != nil {
			return err
		}
	}
	return nil
}

// It stops, and closes the rest.
func rest() error {
	all := []*redis.Client{client("a"), client("b")}
	for i, c := range all {
		if err := c.Close(); err != nil {
			for _, c := range all[i+1:] {
				c.Close()
			}
			return err
		}
	}
	return nil
}

func deferredRest() error {
	all := []*redis.Client{client("a"), client("b")}
	defer func() {
		for _, c := range all {
			c.Close()
		}
	}()
	for _, c := range all {
		if err := c.Close(); err != nil {
			return err
		}
	}
	return nil
}

// The process ends.
func fatal() {
	all := []*redis.Client{client("a"), client("b")}
	for _, c := range all {
		if err := c.Close(); err != nil {
			log.Fatal(err)
		}
	}
}

// The caller gets them.
func handed(addrs []string) ([]*redis.Client, error) {
	var all []*redis.Client
	for _, addr := range addrs {
		c := client(addr)
		if err := c.Ping(ctx).Err(); err != nil {
			c.Close()
			for _, c := range all {
				c.Close()
			}
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// Two loops over the same list of names: if there is one, both run.
func twoLoops(addrs []string) {
	all := make([]*redis.Client, len(addrs))
	for i, addr := range addrs {
		all[i] = client(addr)
	}
	for i := range addrs {
		all[i].Close()
	}
}

func twoLoopsOfMap(addrs []string) {
	all := map[string]*redis.Client{}
	for _, addr := range addrs {
		all[addr] = client(addr)
	}
	for _, addr := range addrs {
		all[addr].Close()
	}
}

// When the second one fails there is one to be closed.
func pair(stop func() bool) ([]redigo.Conn, error) {
	var all []redigo.Conn
	byName := map[int]redigo.Conn{}
	for i := range 2 {
		conn, err := redigo.DialURL("a")
		if err != nil {
			for _, c := range byName {
				c.Close()
				if stop() {
					break
				}
			}
			return nil, err
		}
		byName[i] = conn
	}
	for _, conn := range byName {
		all = append(all, conn)
	}
	return all, nil
}
