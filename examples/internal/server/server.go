// Package server gives the tests of the examples a Redis server.
package server

import (
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// Start starts a server that ends with the test: redis-server, or where that is
// not installed, miniredis. Connections waits until n are open, for 5 seconds at
// most, and returns how many are.
func Start(t *testing.T) (url string, connections func(n int) int) {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		m := miniredis.RunT(t)
		return "redis://" + m.Addr(), waiting(m.CurrentConnectionCount)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	_, port, _ := strings.Cut(addr, ":")
	cmd := exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Kill)
		_ = cmd.Wait()
	})
	count := func() int {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return -1
		}
		defer c.Close()
		_ = c.SetDeadline(time.Now().Add(time.Second))
		_, _ = c.Write([]byte("CLIENT LIST\r\n"))
		b := make([]byte, 1<<20)
		n := 0
		for !strings.HasSuffix(string(b[:n]), "\n\r\n") { // the list ends its last line, and then itself
			m, err := c.Read(b[n:])
			if err != nil {
				return -1
			}
			n += m
		}
		return strings.Count(string(b[:n]), "\nid=") - 1 // without the one that asks
	}
	for range 250 {
		if count() == 0 {
			return "redis://" + addr, waiting(count)
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("redis-server does not answer")
	return "", nil
}

func waiting(count func() int) func(int) int {
	return func(n int) int {
		got := count()
		for deadline := time.Now().Add(5 * time.Second); got != n && time.Now().Before(deadline); got = count() {
			time.Sleep(20 * time.Millisecond)
		}
		return got
	}
}
