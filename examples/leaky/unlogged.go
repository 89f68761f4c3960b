package main

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
)

// withVisits lends a connection to the server that counts visits. Nobody hears
// of it, nor of a close that failed.
func withVisits(ctx context.Context, fn func(redigo.Conn) error) error { // unlogged
	conn, err := redigo.DialContext(ctx, "tcp", addr(),
		redigo.DialConnectTimeout(timeout),
		redigo.DialReadTimeout(timeout),
		redigo.DialWriteTimeout(timeout))
	if err != nil {
		return err
	}
	defer conn.Close()
	return fn(conn)
}
