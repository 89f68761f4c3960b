// Package redistest starts real Redis servers for tests.
package redistest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// ErrMissing is what is said where there is no redis-server.
var ErrMissing = errors.New("redis-server is not installed (Debian: apt-get install redis-server)")

// A Server is a redis-server process of a test, on a port of its own, which
// keeps nothing on disk.
type Server struct {
	Addr string // 127.0.0.1 and a port

	tb       testing.TB
	dir      string
	sentinel string // its configuration file, if it is one
	args     []string
	cmd      *exec.Cmd
	dead     chan struct{} // closed when cmd has ended
}

// Start starts a server, waits until it answers, and ends it with the test.
// Args are settings for its command line, such as "--maxclients", "20".
//
// Without redis-server the test is skipped, except where the environment variable
// CI is set: there it fails.
func Start(tb testing.TB, args ...string) *Server {
	tb.Helper()
	return start(tb, "", args)
}

// StartSentinel starts a Sentinel, whose configuration file is conf.
func StartSentinel(tb testing.TB, conf string) *Server {
	tb.Helper()
	return start(tb, conf, nil)
}

func start(tb testing.TB, sentinel string, args []string) *Server {
	tb.Helper()
	s := &Server{tb: tb, dir: tb.TempDir(), sentinel: sentinel, args: args}
	tb.Cleanup(s.Kill)
	switch err := s.launch(); {
	case errors.Is(err, ErrMissing) && os.Getenv("CI") == "":
		tb.Skip(err)
	case err != nil:
		tb.Fatal(err)
	}
	return s
}

// Launch starts a server for a TestMain, which has to End it. It has an address,
// and no method that could fail a test may be called.
func Launch() (*Server, error) {
	dir, err := os.MkdirTemp("", "redistest")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir}
	if err := s.launch(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

// End ends a server that was launched.
func (s *Server) End() error {
	s.Kill()
	return os.RemoveAll(s.dir)
}

func (s *Server) launch() (err error) {
	if _, err := exec.LookPath("redis-server"); err != nil {
		return ErrMissing
	}
	// The port is free when it is chosen, but may be taken when it is used.
	for range 5 {
		if s.Addr, err = freeAddr(); err != nil {
			return err
		}
		if err = s.run(); err == nil {
			return nil
		}
	}
	return err
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// run starts the process on s.Addr and waits until it answers.
func (s *Server) run() error {
	_, port, err := net.SplitHostPort(s.Addr)
	if err != nil {
		return err
	}
	log := filepath.Join(s.dir, "log")
	args := []string{"--port", port, "--bind", "127.0.0.1", "--daemonize", "no", "--dir", s.dir, "--logfile", log}
	if s.sentinel != "" {
		args = append([]string{s.sentinel, "--sentinel"}, args...)
	} else {
		args = append(args, "--save", "", "--appendonly", "no")
	}
	s.cmd = exec.Command("redis-server", append(args, s.args...)...)
	if err := s.cmd.Start(); err != nil {
		return err
	}
	dead := make(chan struct{})
	s.dead = dead
	go func(cmd *exec.Cmd) {
		defer close(dead)
		_ = cmd.Wait() // it always ends by a signal, or is not needed
	}(s.cmd)

	for range 500 {
		if answers(s.Addr) {
			select {
			case <-dead: // somebody else has answered
			default:
				return nil
			}
		}
		select {
		case <-dead:
			text, _ := os.ReadFile(log)
			return fmt.Errorf("redis-server on %s ended at once:\n%s", s.Addr, text)
		case <-time.After(20 * time.Millisecond):
		}
	}
	s.Kill()
	return fmt.Errorf("redis-server on %s does not answer after 10 seconds", s.Addr)
}

// answers tells whether a server replies, were it to ask for a password.
func answers(addr string) bool {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return false
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return false
	}
	if _, err := c.Write([]byte("PING\r\n")); err != nil {
		return false
	}
	n, err := c.Read(make([]byte, 1))
	return n == 1 && err == nil
}

// URL is the server's address as REDIS_URL has it.
func (s *Server) URL() string { return "redis://" + s.Addr }

// Kill ends the process at once, as a crash would, and waits for its end.
func (s *Server) Kill() {
	if s.dead == nil {
		return
	}
	_ = s.cmd.Process.Kill() // an error means that it has ended
	<-s.dead
}

// Restart starts the server anew on the same port, empty, after a Kill.
func (s *Server) Restart() {
	s.tb.Helper()
	s.Kill()
	if err := s.run(); err != nil {
		s.tb.Fatal(err)
	}
}

// Do sends one command on a connection of its own and returns the reply as
// redis-cli would print it, or fails the test.
func (s *Server) Do(args ...any) string {
	s.tb.Helper()
	var v any
	err := s.with(func(rdb *redis.Client) (err error) {
		v, err = rdb.Do(context.Background(), args...).Result()
		return err
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		s.tb.Fatalf("%v: %v", args, err)
	}
	return fmt.Sprint(v)
}

func (s *Server) with(fn func(*redis.Client) error) (err error) {
	rdb := redis.NewClient(&redis.Options{
		Addr: s.Addr, PoolSize: 1, MaxRetries: -1, DialerRetries: 1, DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	})
	slog.Debug("redis: opened by redistest", "addr", s.Addr)
	defer func() {
		closeErr := rdb.Close()
		slog.Debug("redis: closed by redistest", "addr", s.Addr, "error", closeErr)
		err = errors.Join(err, closeErr)
	}()
	return fn(rdb)
}

// Dial opens a bare connection to the server and waits until it has been
// accepted.
func (s *Server) Dial() net.Conn {
	s.tb.Helper()
	c, err := net.Dial("tcp", s.Addr)
	if err != nil {
		s.tb.Fatal(err)
	}
	if _, err := c.Write([]byte("PING\r\n")); err != nil {
		s.tb.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 100)); err != nil {
		s.tb.Fatal(err)
	}
	return c
}

// Stat is a number of INFO, such as total_connections_received. The connection
// that asks is counted in it.
func (s *Server) Stat(field string) int {
	s.tb.Helper()
	for line := range strings.Lines(s.Do("INFO", "everything")) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), field+":"); ok {
			n, err := strconv.Atoi(v)
			if err != nil {
				s.tb.Fatalf("INFO %s: %v", field, err)
			}
			return n
		}
	}
	s.tb.Fatalf("INFO has no %s", field)
	return 0
}

// Clients is how many connections are open, without the one that asks.
func (s *Server) Clients() int { s.tb.Helper(); return s.Stat("connected_clients") - 1 }

// WaitClients waits until n connections are open, without the one that asks,
// for at most 10 seconds, and then fails the test with the list of them: the
// server sees the end of a connection a little after its client.
func (s *Server) WaitClients(n int) {
	s.tb.Helper()
	var got int
	for range 200 {
		if got = s.Clients(); got == n {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.tb.Errorf("%d connections are open, want %d:\n%s", got, n, s.Do("CLIENT", "LIST"))
}
