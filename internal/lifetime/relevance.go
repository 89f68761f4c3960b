package lifetime

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// Most of what a function does has nothing to do with a resource. What is
// left out of a state makes paths meet again, and the search fast.

// idleTurn reports whether a condition is that of a loop over such a container, and
// the loop does not open the resource: whether it runs decides nothing.
func (s *search) idleTurn(instr *ssa.If) bool {
	less, ok := instr.Cond.(*ssa.BinOp)
	if !ok || !s.e.know.OverIdle(less.X, less.Y) {
		return false
	}
	switch {
	case s.site == nil || !ssaflow.Encloses(instr.Parent(), s.site.fn):
		return true
	case s.site.fn != instr.Parent():
		return false
	}
	return !ssaflow.LoopAround(instr.Block())[s.site.instr.Block()]
}

// watched reports whether a variable's plain contents matter: flags and errors
// that a function literal shares with its function, when the literal has to
// do with the resource. Tables and options are written once and asked nothing.
func (s *search) watched(object *heap.Term) bool {
	a, ok := object.Current().Value.(*ssa.Alloc)
	if !ok {
		return true // a parameter's object, or one of a call
	}
	switch a.Type().Underlying().(*types.Pointer).Elem().Underlying().(type) {
	case *types.Struct, *types.Array:
		return false
	}
	captured := false
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MakeClosure:
			if captured = true; s.reach.Shares(ref.Fn.(*ssa.Function)) {
				return true
			}
		case *ssa.UnOp:
			if ssaflow.IsTested(ref) {
				return true
			}
		}
	}
	return !captured
}
