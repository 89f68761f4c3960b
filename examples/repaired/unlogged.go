package main

import (
	"context"
	"log/slog"
	"time"

	redigo "github.com/gomodule/redigo/redis"
)

// withVisits lends a connection to the server that counts visits, and tells
// the log how long it was open.
func withVisits(ctx context.Context, fn func(redigo.Conn) error) error {
	start := time.Now()
	conn, err := redigo.DialContext(ctx, "tcp", addr(),
		redigo.DialConnectTimeout(timeout),
		redigo.DialReadTimeout(timeout),
		redigo.DialWriteTimeout(timeout))
	if err != nil {
		return err
	}
	slog.DebugContext(ctx, "redis: open")
	defer func() {
		slog.DebugContext(ctx, "redis: closed", "after", time.Since(start), "error", conn.Close())
	}()
	return fn(conn)
}
