package driver

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// status is a line on a terminal that tells what is being done, once it takes
// long. A nil status tells nothing.
type status struct {
	w    io.Writer
	quit chan struct{}
	done chan struct{}

	mu   sync.Mutex
	text string
}

// The first run on a machine takes seconds, while go list downloads and
// builds what it needs. Before that nobody wonders.
const (
	statusDelay    = 2 * time.Second
	statusInterval = 100 * time.Millisecond
)

// newStatus starts a status line, if w is a terminal that can erase one.
func newStatus(w io.Writer) *status {
	if !isTerminal(w) || os.Getenv("TERM") == "dumb" {
		return nil
	}
	return startStatus(w, statusDelay, statusInterval)
}

func startStatus(w io.Writer, delay, interval time.Duration) *status {
	s := &status{w: w, quit: make(chan struct{}), done: make(chan struct{})}
	go s.show(delay, interval)
	return s
}

// say sets what is being done.
func (s *status) say(format string, args ...any) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text = fmt.Sprintf(format, args...)
}

// show writes the line whenever it has changed, and erases it at the end.
func (s *status) show(delay, interval time.Duration) {
	defer close(s.done)
	timer := time.NewTimer(delay)
	defer timer.Stop()
	shown := ""
	for {
		select {
		case <-s.quit:
			if shown != "" {
				fmt.Fprint(s.w, "\r\x1b[K")
			}
			return
		case <-timer.C:
			s.mu.Lock()
			text := s.text
			s.mu.Unlock()
			if text != shown {
				fmt.Fprint(s.w, "\r\x1b[K"+text)
				shown = text
			}
			timer.Reset(interval)
		}
	}
}

// end erases the line. It may be called more than once.
func (s *status) end() {
	if s == nil {
		return
	}
	select {
	case <-s.quit:
	default:
		close(s.quit)
	}
	<-s.done
}
