package driver

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
)

// screen is what is written to a terminal.
type screen struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// shows waits until the screen ends with a text.
func (s *screen) shows(t *testing.T, text string) {
	t.Helper()
	for range 500 {
		if strings.HasSuffix(s.String(), text) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("the screen shows %q, not %q", s.String(), text)
}

// The line comes late, follows what is done, and is gone at the end.
func TestStatus(t *testing.T) {
	var out screen
	s := startStatus(&out, time.Millisecond, time.Millisecond)
	s.say("packages: %d", 1)
	out.shows(t, "\r\x1b[Kpackages: 1")
	s.say("packages: %d", 2)
	out.shows(t, "\r\x1b[Kpackages: 2")
	s.end()
	s.end()
	if !strings.HasSuffix(out.String(), "packages: 2\r\x1b[K") {
		t.Errorf("the line is not erased: %q", out.String())
	}
}

// What is done in less than the delay is not told.
func TestStatusOfShortWork(t *testing.T) {
	var out screen
	s := startStatus(&out, time.Hour, time.Hour)
	s.say("packages")
	s.end()
	if out.String() != "" {
		t.Errorf("the screen shows %q", out.String())
	}
}

// What is no terminal gets no line.
func TestNoStatus(t *testing.T) {
	var out bytes.Buffer
	s := newStatus(&out)
	s.say("packages")
	s.end()
	if s != nil || out.Len() > 0 {
		t.Errorf("a buffer is a terminal, and shows %q", out.String())
	}
}
