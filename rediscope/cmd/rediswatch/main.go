// Command rediswatch shows who is connected to a Redis server, and who should
// not be any more.
//
//	rediswatch -url redis://localhost:6379
//
// It takes the place of
//
//	watch 'redis-cli CLIENT LIST | wc -l'
//
// On a terminal it shows a table that is refreshed every two seconds:
// connections by client name, how old and how long idle they are, how many have
// come since the start, and suspects, which are both old and idle. Ctrl-C ends
// it. Into a pipe it writes a line each time, and with -json an object.
//
// In cron and CI
//
//	rediswatch -once -max 50 -max-age 10m
//
// looks once. The exit status is 1 when a limit is exceeded: more connections to
// a server than -max, or one that is older than -max-age. It is 2 for bad input,
// and for a server that cannot be asked. Without -once the status is that of the
// whole time: 1 if a limit was exceeded at any look.
//
// The server is that of -url or of the environment variable REDIS_URL, by
// default redis://localhost:6379. With rediss:// it is reached over TLS. The
// password is that of the URL or of the variable REDISCLI_AUTH. The user needs
// the commands hello, client|id and client|list, and with -cluster
// cluster|nodes, which says what other servers to ask.
//
// It has one connection to each server and counts neither that, nor those of
// other rediswatches, nor links between servers.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/redis/go-redis/v9"
)

func main() {
	redis.SetLogger(silence{}) // errors are shown, each once
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	status := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// silence keeps go-redis from writing into the table.
type silence struct{}

func (silence) Printf(context.Context, string, ...any) {}

// The exit statuses.
const (
	fine     = 0
	exceeded = 1
	failed   = 2
)

// run watches until ctx ends or all looks are done, and returns the exit status.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	s, err := parse(args, getenv, stdout)
	if errors.Is(err, flag.ErrHelp) {
		return fine
	}
	if err != nil {
		fmt.Fprintln(stderr, "rediswatch:", err)
		return failed
	}
	status, err := s.run(ctx, stdout, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "rediswatch:", err)
	}
	return status
}
