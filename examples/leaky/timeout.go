package main

import (
	"context"
	"log/slog"

	redigo "github.com/gomodule/redigo/redis"
)

// withMail lends a connection to the server that queues mail. It gives up
// connecting after a while, and then waits for an answer as long as it takes.
func withMail(ctx context.Context, fn func(redigo.Conn) error) error {
	conn, err := redigo.DialContext(ctx, "tcp", addr(), redigo.DialConnectTimeout(timeout)) // timeout
	if err != nil {
		return err
	}
	defer func() { slog.DebugContext(ctx, "mail: closed", "error", conn.Close()) }()
	return fn(conn)
}
