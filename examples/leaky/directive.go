package main

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
)

// alive asks the server of the limits whether it is there. It opened a
// connection of its own once, and kept the excuse.
func alive(ctx context.Context) error {
	//lint:ignore unclosed the instance ends when the server is gone // directive
	return withLimits(ctx, func(conn redigo.Conn) error {
		_, err := conn.Do("PING")
		return err
	})
}
