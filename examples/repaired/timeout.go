package main

import (
	"context"
	"log/slog"

	redigo "github.com/gomodule/redigo/redis"
)

// withMail lends a connection to the server that queues mail. It gives up
// connecting, and waiting for an answer, after a while.
func withMail(ctx context.Context, fn func(redigo.Conn) error) error {
	conn, err := redigo.DialContext(ctx, "tcp", addr(),
		redigo.DialConnectTimeout(timeout),
		redigo.DialReadTimeout(timeout),
		redigo.DialWriteTimeout(timeout))
	if err != nil {
		return err
	}
	defer func() { slog.DebugContext(ctx, "mail: closed", "error", conn.Close()) }()
	return fn(conn)
}
