package exits

import (
	"fmt"
	"log"
	"os"
	"runtime"
	"testing"

	"github.com/redis/go-redis/v9"
	"unclosed/helpers"
)

// die never returns, and its callers rely on it.
func die(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format, args...)
	os.Exit(1)
}

// usage never returns either, by way of die.
func usage(problem string) {
	if problem == "" {
		die("usage: tool KEY\n")
	}
	die("tool: %s\n", problem)
}

type cli struct{ name string }

func (c cli) fail(err error) {
	log.Fatalf("%s: %v", c.name, err)
}

// log.Fatal ends the process and its connections.
func logFatal(opt *redis.Options) {
	rdb := redis.NewClient(opt)
	if err := rdb.Ping(ctx).Err(); err != nil {
		log.Fatal(err)
	}
	rdb.Close()
}

// So does a method of a Logger.
func loggerFatal(opt *redis.Options, logger *log.Logger) {
	rdb := redis.NewClient(opt)
	if err := rdb.Ping(ctx).Err(); err != nil {
		logger.Fatalln(err)
	}
	rdb.Close()
}

// os.Exit.
func osExit(opt *redis.Options) {
	rdb := redis.NewClient(opt)
	if err := rdb.Ping(ctx).Err(); err != nil {
		os.Exit(3)
	}
	rdb.Close()
}

// A panic is a crash, which undeferred speaks about.
func panics(opt *redis.Options, n int) {
	rdb := redis.NewClient(opt)
	if n < 0 {
		panic("negative")
	}
	rdb.Close()
}

// runtime.Goexit ends the goroutine, as a failed test does.
func goexit(opt *redis.Options) {
	rdb := redis.NewClient(opt)
	if rdb.Ping(ctx).Err() != nil {
		runtime.Goexit()
	}
	rdb.Close()
}

// A failing test stops at once.
func failsTest(t *testing.T, opt *redis.Options) {
	rdb := redis.NewClient(opt)
	if err := rdb.Ping(ctx).Err(); err != nil {
		t.Fatal(err)
	}
	rdb.Close()
}

// The project's own function that never returns.
func projectLocal(opt *redis.Options) {
	rdb := redis.NewClient(opt)
	if err := rdb.Ping(ctx).Err(); err != nil {
		die("no redis: %v\n", err)
	}
	rdb.Close()
}

// Two calls away from os.Exit, with a branch in between.
func projectLocalTwice(opt *redis.Options) {
	rdb := redis.NewClient(opt)
	if rdb.Ping(ctx).Err() != nil {
		usage("no redis")
	}
	rdb.Close()
}

// A method that never returns.
func projectMethod(opt *redis.Options, c cli) {
	rdb := redis.NewClient(opt)
	if err := rdb.Ping(ctx).Err(); err != nil {
		c.fail(err)
	}
	rdb.Close()
}

// Known to never return by a fact about another package.
func otherPackage(opt *redis.Options) {
	rdb := redis.NewClient(opt)
	if err := rdb.Ping(ctx).Err(); err != nil {
		helpers.Die(err)
	}
	rdb.Close()
}
