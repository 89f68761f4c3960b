package cases

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"testing"

	"github.com/go-logr/logr"
	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
	"github.com/redis/rueidis"
	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
	"unlogged/helpers"
)

// slog, in a deferred literal.
func withSlog(ctx context.Context, fn func(*redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{})
	slog.DebugContext(ctx, "redis: open")
	defer func() {
		if err := rdb.Close(); err != nil {
			slog.WarnContext(ctx, "redis: close", "error", err)
		}
	}()
	return fn(rdb)
}

// A logger that was handed in.
func withLog(l *log.Logger, fn func(*redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{})
	defer func() { l.Printf("redis: close: %v", rdb.Close()) }()
	return fn(rdb)
}

// zap.
func withZap(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{})
	defer func() { zap.L().Debug("redis: close", zap.Error(rdb.Close())) }()
	return fn(rdb)
}

// zerolog.
func withZerolog(l *zerolog.Logger, fn func(*redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{})
	defer func() { l.Debug().Err(rdb.Close()).Msg("redis: close") }()
	return fn(rdb)
}

// logrus.
func withLogrus(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{})
	defer func() { logrus.WithError(rdb.Close()).Warn("redis: close") }()
	return fn(rdb)
}

// logr, and the error joined.
func withLogr(l logr.Logger, fn func(*redis.Client) error) (err error) {
	rdb := redis.NewClient(&redis.Options{})
	l.V(1).Info("redis: open")
	defer func() { err = errors.Join(err, rdb.Close()) }()
	return fn(rdb)
}

// A helper of another package logs.
func withClose(fn func(*redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{})
	defer helpers.CloseLogged(rdb)
	return fn(rdb)
}

// A logger of the project's own.
type logger interface {
	Infof(format string, args ...any)
	Warnf(format string, args ...any)
}

func withOwn(l logger, fn func(*redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{})
	l.Infof("redis: open")
	defer func() { l.Warnf("redis: close: %v", rdb.Close()) }()
	return fn(rdb)
}

// A func that may log.
func withFunc(logf func(string, ...any), fn func(*redis.Client) error) error {
	rdb := redis.NewClient(&redis.Options{})
	defer func() { logf("redis: close: %v", rdb.Close()) }()
	return fn(rdb)
}

// Standard output.
func withOutput(fn func(rueidis.Client) error) error {
	client, err := rueidis.NewClient(rueidis.ClientOption{})
	if err != nil {
		return err
	}
	fmt.Println("redis: open")
	defer client.Close()
	return fn(client)
}

// The log of a test.
func withTest(t *testing.T, fn func(*redis.Client)) {
	rdb := redis.NewClient(&redis.Options{})
	defer func() {
		if err := rdb.Close(); err != nil {
			t.Log(err)
		}
	}()
	fn(rdb)
}

// Built on another scope, which is asked itself.
func withRetry(ctx context.Context, fn func(*redis.Client) error) error {
	for range 3 {
		if withSlog(ctx, fn) == nil {
			return nil
		}
	}
	return withSlog(ctx, fn)
}

// No scope: it lends what it was given.
func lend(rdb *redis.Client, fn func(*redis.Client) error) error { return fn(rdb) }

// No scope: it uses what it opens.
func ping(ctx context.Context) error {
	rdb := redis.NewClient(&redis.Options{})
	defer rdb.Close()
	return rdb.Ping(ctx).Err()
}

// A connection of a pool, which was open before.
func withPooled(pool *redigo.Pool, fn func(redigo.Conn) error) error {
	conn := pool.Get()
	defer conn.Close()
	return fn(conn)
}
