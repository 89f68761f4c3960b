package main

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
)

// forgive starts a user's count anew. The connection is withLimits' own, which
// finds it closed.
func forgive(ctx context.Context, user string) error {
	return withLimits(ctx, func(conn redigo.Conn) error {
		defer conn.Close() // afterclose
		_, err := conn.Do("DEL", "limit:"+user)
		return err
	})
}
