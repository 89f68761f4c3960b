package redistest

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

func TestServer(t *testing.T) {
	s := Start(t, "--maxclients", "17")
	if got := s.Do("CONFIG", "GET", "maxclients"); got != "map[maxclients:17]" {
		t.Errorf("maxclients: %s", got)
	}
	s.WaitClients(0)
	s.Do("SET", "k", "v")

	s.Pause()
	if answersWithin(s.Addr, 100*time.Millisecond) {
		t.Error("a paused server answers")
	}
	s.Resume()
	if got := s.Do("GET", "k"); got != "v" {
		t.Errorf("after a pause k is %q", got)
	}

	s.Kill()
	if answers(s.Addr) {
		t.Error("a killed server answers")
	}
	s.Restart()
	if got := s.Do("GET", "k"); got != "<nil>" {
		t.Errorf("after a restart k is %q", got)
	}
}

func answersWithin(addr string, d time.Duration) bool {
	done := make(chan bool, 1)
	go func() { done <- answers(addr) }()
	select {
	case ok := <-done:
		return ok
	case <-time.After(d):
		return false
	}
}

func TestLaunch(t *testing.T) {
	s, err := Launch()
	if err != nil {
		t.Skip(err)
	}
	if !answers(s.Addr) {
		t.Error("it does not answer")
	}
	if err := s.End(); err != nil || answers(s.Addr) {
		t.Errorf("it has not ended: %v", err)
	}
}

func TestProxy(t *testing.T) {
	s := Start(t)
	p := NewProxy(t, s.Addr)
	if p.URL() != "redis://"+p.Addr || s.URL() != "redis://"+s.Addr {
		t.Errorf("%s in front of %s", p.URL(), s.URL())
	}
	c, err := net.Dial("tcp", p.Addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ask := func() time.Duration {
		start := time.Now()
		if _, err := io.WriteString(c, "PING\r\n"); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 7)
		if _, err := io.ReadFull(c, b); err != nil || string(b) != "+PONG\r\n" {
			t.Fatalf("%q, %v", b, err)
		}
		return time.Since(start)
	}
	ask()
	ask()
	if p.Conns.Load() != 1 || p.Trips.Load() != 2 {
		t.Errorf("%d connections, %d round trips", p.Conns.Load(), p.Trips.Load())
	}
	p.Delay(50 * time.Millisecond)
	if d := ask(); d < 50*time.Millisecond {
		t.Errorf("a round trip of 50 ms took %v", d)
	}
	p.Delay(0)
	p.Drip(10 * time.Millisecond)
	if d := ask(); d < 70*time.Millisecond {
		t.Errorf("7 bytes of 10 ms took %v", d)
	}
	p.Drip(0)
	p.Stall(true)
	time.AfterFunc(50*time.Millisecond, func() { p.Stall(false) })
	if d := ask(); d < 50*time.Millisecond {
		t.Errorf("stalled, it took %v", d)
	}
	s.WaitClients(1)
	p.CutAfter(6 + 3)
	if _, err := io.WriteString(c, "PING\r\n"); err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(c); string(b) != "+PO" {
		t.Errorf("cut after 3 bytes, got %q", b)
	}
	s.WaitClients(0)
	if d := s.Dial(); d != nil {
		defer d.Close()
		s.WaitClients(1)
	}
	if !strings.Contains(s.Do("INFO", "server"), "redis_version") {
		t.Error("it does not tell about itself")
	}
}
