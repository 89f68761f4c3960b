package lifetime

import (
	"github.com/redislint/redislint/internal/lifetime/heap"
	"golang.org/x/tools/go/ssa"
)

// This file evaluates calls that have no effects, so that the same call asked
// twice is one condition.

// maxNesting bounds the operations within an operation that a term remembers.
const maxNesting = 4

// pureCall returns the term of a call without effects, or nil.
func (s *evaluator) pureCall(st *state, call *ssa.Call) *heap.Term {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
		return s.length(s.eval(st, call.Call.Args[0]))
	}
	callee := call.Call.StaticCallee()
	if callee == nil || call.Call.Signature().Results().Len() != 1 || !s.know.Pure(callee) {
		return nil
	}
	args := make([]*heap.Term, len(call.Call.Args))
	for i, a := range call.Call.Args {
		x := s.eval(st, a)
		if !x.Known() || x.Op == heap.Tracked || x.Op == heap.OpenErr || x.Nesting() >= maxNesting {
			return nil
		}
		args[i] = x
	}
	return s.pool.Pure(callee, args)
}

// length is the length of a container or text, or nil.
func (s *evaluator) length(x *heap.Term) *heap.Term {
	if p := s.pool.Pointee(x); p != nil && p.Path == "" {
		return s.pool.Len(p.X)
	}
	if x.Op == heap.Nil {
		return s.pool.Zero
	}
	return nil
}
