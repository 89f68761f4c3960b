package redistest

import (
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
