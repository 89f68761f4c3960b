package lifetime

import (
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"golang.org/x/tools/go/ssa"
)

// This file applies what puts a resource somewhere, or gives it away.

// putElem adds an element to a container. What holds the resource stays.
func (s *search) putElem(st *state, container, v *heap.Term) {
	holds := st.Holds(v)
	if !holds && !s.fills(v) {
		return
	}
	p := s.pool.Pointee(container)
	if p == nil {
		if holds {
			s.escape(st, v, facts.MovedForeign)
		}
		s.keep(st, v)
		return
	}
	s.storeTo(st, s.pool.Addr(p.X, p.Path+heap.Elem), v)
}

// storeTo writes a value to an address.
func (s *search) storeTo(st *state, a, v *heap.Term) {
	p := s.pool.Pointee(a)
	holds := st.Holds(v)
	if p == nil {
		if holds {
			s.escape(st, v, facts.MovedForeign)
		}
		s.keep(st, v)
		return
	}
	old := st.Cell(p.X, p.Path)
	if _, ok := v.IsBool(); !ok && s.flags[s.pool.Component(p.X, p.Path)] {
		v = s.pool.Unknown
	}
	if !holds && old == nil && p.X.Fresh() && !matters(v) && !s.constant(p.X) && !s.watched(p.X) {
		st.Smudge(p.X)
		return
	}
	if p.Path.Elems() && !holds && st.Holds(p) {
		return // another element
	}
	if holds && p.X.Local() && st.Kept(p.X) {
		s.escape(st, v, facts.MovedShared)
	}
	if !p.X.Local() {
		if _, param := p.X.Origin().Value.(*ssa.Parameter); !holds && !param {
			s.keep(st, v)
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
		} else if st.status == open && old != nil && st.Holds(old) {
			if st.Store(p.X, p.Path, v); !takenOut(st) {
				s.move(st, facts.MovedOverwrote)
			}
			return
		}
	}
	st.Store(p.X, p.Path, v)
}

// takenOut reports whether the function has the resource in hand.
func takenOut(st *state) bool {
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
func (s *search) open(st *state) {
	st.status = open
	st.trail = nil
	st.risk = nil
	s.opened = true
}

// move hands the resource to somebody else.
func (s *search) move(st *state, why facts.Reason) {
	if st.status == open && !s.past {
		st.status, st.moved = moved, why
		s.moves[why] = true
		s.trace.move(s.at, why)
	}
}

// escape hands over whatever a value holds.
func (s *search) escape(st *state, v *heap.Term, why facts.Reason) {
	if st.status == open && st.Holds(v) && !(why.Called() && !s.funcs().takesAway(st, v)) {
		s.move(st, why)
	}
	s.expose(st, v)
	switch why {
	case facts.MovedDynamic, facts.MovedClosure, facts.MovedSent, facts.MovedTaken:
		s.keep(st, v)
	default:
		if v.Op == heap.Closure {
			s.keep(st, v)
		}
	}
}

// expose lets strangers write to the objects that a value reaches.
func (s *search) expose(st *state, v *heap.Term) {
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
