package main

import (
	"context"

	redigo "github.com/gomodule/redigo/redis"
)

// alive asks the server of the limits whether it is there.
func alive(ctx context.Context) error {
	return withLimits(ctx, func(conn redigo.Conn) error {
		_, err := conn.Do("PING")
		return err
	})
}
