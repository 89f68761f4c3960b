//go:build !unix

package redistest

// Pause skips the test: this system has no SIGSTOP.
func (s *Server) Pause() { s.tb.Helper(); s.tb.Skip("this system cannot stop a process") }

// Resume ends a Pause.
func (s *Server) Resume() {}
