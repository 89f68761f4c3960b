//go:build unix

package redistest

import (
	"os"
	"syscall"
)

// Pause stops the process as SIGSTOP does: it accepts connections, by the
// kernel's grace, and answers nothing. Resume lets it go on.
func (s *Server) Pause() { s.tb.Helper(); s.signal(syscall.SIGSTOP) }

// Resume ends a Pause.
func (s *Server) Resume() { s.tb.Helper(); s.signal(syscall.SIGCONT) }

func (s *Server) signal(sig os.Signal) {
	s.tb.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.tb.Fatal(err)
	}
}
