package lifetime

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file knows who got to know an object before the resource was put into it:
// a list of sessions that are closed together, a func registered to close what a
// variable will hold. He owns what comes into it.

// Keepers are a search asked who else knows an object.
type keepers struct{ *search }

func (s *search) keepers() keepers { return keepers{s} }

// keep notes that a stranger keeps what a value leads to.
func (s keepers) keep(st *eval.State, v *heap.Term) {
	if st.Status == eval.Released || st.Status == eval.Moved {
		return
	}
	seen := map[*heap.Term]bool{}
	work := []*heap.Term{v}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[x] {
			continue
		}
		seen[x] = true
		switch x.Op {
		case heap.Closure:
			if s.usesLater(st, x) {
				continue
			}
		case heap.Addr:
			if !s.fills(x) || x.Path != "" {
				continue
			}
			if !st.Kept(x.X) {
				st.Keep(x.X)
			}
			for _, y := range st.Cells(x.X, "") {
				work = append(work, y)
			}
		}
		for _, p := range x.Parts {
			work = append(work, p.Term)
		}
	}
}

// fills reports whether a value is the address of an object of the function's own
// that the resource can come into.
func (s keepers) fills(v *heap.Term) bool {
	return v.Op == heap.Addr && v.X.Local() && s.reach[v.X.Origin().Value]
}

// usesLater reports whether a func that captured the variable of a resource only
// uses what it will hold.
func (s keepers) usesLater(st *eval.State, fn *heap.Term) bool {
	later := st.Clone()
	filled := false
	for _, p := range fn.Parts {
		if p.Term.Op != heap.Addr || p.Term.Path != "" || !s.fills(p.Term) {
			continue
		}
		a, ok := p.Term.X.Current().Value.(*ssa.Alloc)
		if !ok {
			return false
		}
		if _, whole := ssaflow.Deref(a.Type()).Underlying().(*types.Struct); whole {
			return false // in which of its fields is not known
		}
		if held := st.Cell(p.Term.X, ""); held != nil && held.Op == heap.Addr {
			return false
		}
		later.SetCell(p.Term.X, "", s.Pool.Tracked)
		filled = true
	}
	if !filled {
		return false
	}
	later.Status = eval.Open
	return s.funcs().onlyUses(later, fn)
}

// keepUnread notes what a function that cannot be read may keep: funcs, and what
// it gets by an interface with a method that releases.
func (s keepers) keepUnread(st *eval.State, fn *types.Func, args []*heap.Term) {
	for i, a := range args {
		t := knowledge.ParamType(fn, i)
		if t == nil {
			continue
		}
		if ssaflow.IsFunc(t) || len(knowledge.CloserNames(t)) > 0 {
			s.keep(st, a)
		}
	}
}

// keepsArg reports whether a function of the program keeps what it is passed.
func (s calls) keepsArg(method *types.Func, callee *ssa.Function, i int) bool {
	for _, o := range s.e.summaries.paramOutcomes(method, callee, true, nil, i, "", "", facts.Concrete{}) {
		switch {
		case o.Effect == facts.Moved:
			switch o.Reason {
			case facts.MovedGlobal, facts.MovedField, facts.MovedForeign, facts.MovedSent, facts.MovedTaken:
				return true
			}
		case o.Effect == facts.Kept:
			for _, p := range o.Into {
				if p.Param {
					return true
				}
			}
		}
	}
	return false
}
