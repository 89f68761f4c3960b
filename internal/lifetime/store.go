package lifetime

import (
	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"golang.org/x/tools/go/ssa"
)

// This file applies what puts a resource somewhere, or gives it away.

// putElem adds an element to a container. What holds the resource stays.
func (s *search) putElem(st *eval.State, container, v *heap.Term) {
	holds := st.Holds(v)
	if !holds && !s.keepers().fills(v) && !st.HasUser(v) {
		return
	}
	p := s.Pool.Pointee(container)
	if p == nil {
		if holds {
			s.escape(st, v, facts.MovedForeign)
		}
		s.keepers().keep(st, v)
		return
	}
	s.storeTo(st, s.Pool.Addr(p.X, p.Path+heap.Elem), v, false)
}

// storeTo writes a value to an address. A struct that is boxed, in an interface,
// stays one value there.
func (s *search) storeTo(st *eval.State, a, v *heap.Term, boxed bool) {
	p := s.Pool.Pointee(a)
	holds := st.Holds(v)
	if p == nil {
		if holds {
			s.escape(st, v, facts.MovedForeign)
		}
		s.keepers().keep(st, v)
		return
	}
	old := st.Cell(p.X, p.Path)
	if _, ok := v.IsBool(); !ok && s.Flags[s.Pool.Component(p.X, p.Path)] {
		v = s.Pool.Unknown
	}
	if !holds && old == nil && p.X.Fresh() && !matters(v) && !s.constant(p.X) && !s.watched(p.X) {
		st.Smudge(p.X)
		return
	}
	if p.Path.Elems() && !holds && (st.Holds(p) || st.HasUser(p) && !st.HasUser(v)) {
		return // another element
	}
	if holds && p.X.Local() && st.Kept(p.X) {
		s.escape(st, v, facts.MovedShared)
	}
	if !p.X.Local() {
		if _, param := p.X.Origin().Value.(*ssa.Parameter); !holds && !param {
			s.keepers().keep(st, v)
		}
		if holds {
			switch p.X.Origin().Value.(type) {
			case *ssa.Global:
				s.escape(st, v, facts.MovedGlobal)
			case *ssa.Parameter, *ssa.FreeVar:
				// Its owner is outside; whether it stays there is seen at the exit.
			default:
				s.escape(st, v, facts.MovedForeign)
			}
		} else if st.Status == eval.Open && old != nil && st.Holds(old) {
			if st.Store(p.X, p.Path, v); !takenOut(st) {
				s.move(st, facts.MovedOverwrote)
			}
			return
		}
	}
	if boxed && v.Op == heap.Aggregate {
		st.SetCell(p.X, p.Path, v)
		return
	}
	st.Store(p.X, p.Path, v)
}

// ofResource reports whether an address is that of a field of the resource
// itself.
func (s *search) ofResource(st *eval.State, addr ssa.Value) bool {
	for {
		field, ok := addr.(*ssa.FieldAddr)
		if !ok {
			return false
		}
		if addr = field.X; s.Eval(st, addr).Op == heap.Tracked {
			return true
		}
	}
}

// takenOut reports whether the function has the resource in hand.
func takenOut(st *eval.State) bool {
	for _, x := range st.Regs() {
		if st.Holds(x) {
			return true
		}
	}
	return false
}

// matters reports whether a stored value that does not hold the resource can
// do so later, or tells whether there is one.
func matters(v *heap.Term) bool {
	switch v.Op {
	case heap.OpenErr, heap.Closure, heap.Cleanup, heap.Handle:
		return true
	case heap.Addr:
		return v.X.Local()
	}
	return false
}

// open marks the resource as opened.
func (s *search) open(st *eval.State) {
	st.Status = eval.Open
	st.Trail = nil
	st.Risk = nil
	s.opened = true
}

// move hands the resource to somebody else.
func (s *search) move(st *eval.State, why facts.Reason) {
	if st.Status == eval.Open && !s.past && !(s.rooted && why == facts.MovedOverwrote) {
		st.Status, st.Moved = eval.Moved, why
		s.moves[why] = true
		s.trace.move(s.at, why)
	}
}

// escape hands over whatever a value holds.
func (s *search) escape(st *eval.State, v *heap.Term, why facts.Reason) {
	if st.Status == eval.Open && st.Holds(v) && !(why.Called() && !s.funcs().takesAway(st, v)) {
		s.move(st, why)
	}
	s.expose(st, v)
	switch why {
	case facts.MovedDynamic, facts.MovedClosure, facts.MovedSent, facts.MovedTaken:
		s.keepers().keep(st, v)
	default:
		if v.Op == heap.Closure {
			s.keepers().keep(st, v)
		}
	}
}

// expose lets strangers write to the objects that a value reaches.
func (s *search) expose(st *eval.State, v *heap.Term) {
	st.Visit(v, func(x *heap.Term) bool {
		if x.Op == heap.Addr && x.X.Local() && !st.Dirty(x.X) && !s.constant(x.X) {
			st.Spoil(x.X)
		}
		return true
	})
}

// constant reports whether an object is a variable that is set once and only
// read afterwards.
func (s *search) constant(object *heap.Term) bool {
	a, ok := object.Current().Value.(*ssa.Alloc)
	return ok && object.Current().Op == heap.Val && s.e.graphs.WrittenOnce(a)
}
