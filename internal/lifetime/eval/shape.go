package eval

import (
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
)

// This file knows how the resource hangs on a value, with the types and the flags
// of the objects on the way to it.

// Shape returns all ways from a value to the resource as one shape.
func (s *Evaluator) Shape(st *State, v *heap.Term) (string, bool) {
	shape, ok := heap.Join(st.Ways(v))
	return string(shape), ok
}

// Concrete returns the types behind interfaces of what is passed.
func (s *Evaluator) Concrete(st *State, v *heap.Term) facts.Concrete {
	switch v.Op {
	case heap.Addr, heap.Aggregate:
		c := facts.Concrete{Type: s.DynAt(v), Flags: s.FlagsOf(st, v, heap.Here())}
		c.Hops = facts.Below(s.Hops(st, v, heap.Here()))
		return c
	case heap.Tracked:
		return facts.Concrete{Type: s.Type}
	}
	return facts.Concrete{}
}

// Hops returns the concrete types of the objects below a value.
func (s *Evaluator) Hops(st *State, v *heap.Term, way heap.Way) []facts.Hop {
	var found []facts.Hop
	s.HopsOf(st, v, way, &found)
	return found
}

// HopsOf adds those types below a value that a way leads to.
func (s *Evaluator) HopsOf(st *State, v *heap.Term, way heap.Way, found *[]facts.Hop) {
	switch v.Op {
	case heap.Aggregate:
		if t := s.DynAt(v); t != nil {
			*found = append(*found, facts.Hop{Shape: way.String(), Type: t})
		}
		for _, p := range v.Parts {
			s.HopsOf(st, p.Term, way.Then(p.Path), found)
		}
	case heap.Addr:
		if t := s.DynAt(v); t != nil {
			*found = append(*found, facts.Hop{Shape: way.String(), Type: t})
		}
		if way.Pointers() >= heap.MaxHops {
			return
		}
		for path, x := range st.Cells(v.X, v.Path) {
			rest, _ := path.Below(v.Path)
			s.HopsOf(st, x, way.Deref(rest), found)
		}
	}
}

// FlagsOf collects the flags of the objects that hold the resource, on the ways
// to it from a value.
func (s *Evaluator) FlagsOf(st *State, v *heap.Term, way heap.Way) (list []facts.Flag) {
	switch v.Op {
	case heap.Aggregate:
		for _, p := range v.Parts {
			list = append(list, s.FlagsOf(st, p.Term, way.Then(p.Path))...)
		}
	case heap.Addr:
		if way.Pointers() >= heap.MaxHops || !st.Holds(v) {
			return nil
		}
		for path, x := range st.Cells(v.X, v.Path) {
			rest, _ := path.Below(v.Path)
			to := way.Deref(rest)
			if value, ok := x.IsBool(); ok && s.Flags[s.Pool.Component(v.X, path)] {
				list = append(list, facts.Flag{Shape: to.String(), Value: value})
			} else {
				list = append(list, s.FlagsOf(st, x, to)...)
			}
		}
	}
	return list
}
