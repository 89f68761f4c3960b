package lifetime

import (
	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file applies calls that keep a value under a key: in a context, or in a
// request. That is done for those who are called with it, and nothing there is
// released when the request ends. Whoever put it in still owns it, unless the
// package takes it out again to release it, or gives the context to its caller.

// attach applies a call that keeps a value under a key.
func (s calls) attach(st *eval.State, instr ssa.CallInstruction, v *heap.Term) {
	switch {
	case s.e.know.FetchesToRelease(s.release):
		s.escape(st, v, facts.MovedTaken)
	case ssaflow.ValueOf(instr) != nil && s.e.know.CarriedOff(ssaflow.ValueOf(instr)):
		s.escape(st, v, facts.MovedReturned)
	}
	s.expose(st, v)
}
