package lifetime

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"golang.org/x/tools/go/ssa"
)

// This file follows the flags of an owner, in which its constructor says once and
// for all what its methods are to do.

// flagged notes the flags of a struct that is made, none of which is set yet.
func (s *search) flagged(st *eval.State, a *ssa.Alloc) {
	for _, path := range s.e.know.FlagsIn(a.Type().Underlying().(*types.Pointer).Elem()) {
		s.SetFlag(st, s.Pool.Val(a), path, false)
	}
}

// asksHolder reports whether a condition asks a boolean field of an object that
// holds the resource.
func (s *search) asksHolder(st *eval.State, instr *ssa.If) bool {
	load, ok := instr.Cond.(*ssa.UnOp)
	if !ok {
		return false
	}
	field, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	p := s.Pool.Pointee(s.Eval(st, field.X))
	return p != nil && st.Holds(p)
}

// holderDecides reports whether a path leaves the resource open only because a
// flag of the object that holds it says so, which would have had it released at
// once. Whoever set the flag answers for it: it may be set where this path has
// not looked.
func holderDecides(leaving outcome, outs []outcome) bool {
	for t := leaving.st.Trail; t != nil; t = t.Prev {
		if !t.Flag || t.Decided {
			continue
		}
		for _, o := range outs {
			if o.st.Status != eval.Released {
				continue
			}
			last := o.st.Trail
			for last != nil && last.Decided {
				last = last.Prev
			}
			if last != nil && last.Instr == t.Instr && last.Taken != t.Taken {
				return true
			}
		}
	}
	return false
}
