package lifetime

import (
	"go/token"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file tells a loop that releases all elements of a container from one that
// stops before it has come to the resource. Elements are not told apart, but it
// is known whether another one can stand before the resource. If so, what a turn
// of the loop releases is the resource or another element: both are followed, and
// on the second way the loop cannot have run to its end.

// crowd notes where in a container the resource was put: behind another element,
// if more is put there, or if the order of a map decides.
func (s *search) crowd(st *state, container *heap.Term, behind bool) {
	if p := s.pool.Pointee(container); behind && p != nil && p.Path == "" && p.X.Local() && st.status == open {
		st.SetFact(s.pool.Crowded(p.X), true)
	}
}

// crowdAppended notes what an append does to the order of a slice: one that had
// an element before, or gets one in each turn of a loop, has others before the
// resource.
func (s *search) crowdAppended(st *state, instr ssa.CallInstruction, slice *heap.Term, holds, behind bool) {
	if v := ssaflow.ValueOf(instr); v == nil || !s.reach[v] || !slice.X.Local() {
		return
	}
	filled := s.pool.Filled(slice.X)
	had, _ := st.Fact(filled)
	if holds {
		s.crowd(st, slice, had || behind || s.inLoop(s.e.graphs.flow(instr.Parent()), instr.Block()))
	}
	st.SetFact(filled, true)
}

// crowdStored notes that the resource was stored in an element other than the
// first one.
func (s *search) crowdStored(st *state, instr *ssa.Store, v *heap.Term) {
	elem, ok := instr.Addr.(*ssa.IndexAddr)
	if !ok || !st.Holds(v) {
		return
	}
	first := false
	if c, ok := elem.Index.(*ssa.Const); ok {
		first = c.Int64() == 0
	}
	s.crowd(st, s.eval(st, elem.X), !first)
}

// crowdMapped notes that the resource is in a map that gets more than one entry.
func (s *search) crowdMapped(st *state, instr *ssa.MapUpdate, m, v *heap.Term, inLoop bool) {
	if !st.Holds(v) {
		return
	}
	entries := 0
	if refs := instr.Map.Referrers(); refs != nil {
		for _, ref := range *refs {
			if u, ok := ref.(*ssa.MapUpdate); ok && u.Map == instr.Map {
				entries++
			}
		}
	}
	s.crowd(st, m, inLoop || entries > 1)
}

// stopsShort returns the container of which a call releases one element in a turn
// of a loop, if another one can stand before the resource; nil for other calls.
func (s *search) stopsShort(st *state, c *ssa.CallCommon, inLoop bool) *heap.Term {
	if !inLoop || st.status != open {
		return nil
	}
	v := c.Value
	if !c.IsInvoke() && c.StaticCallee() != nil {
		if len(c.Args) == 0 {
			return nil
		}
		v = c.Args[0]
	}
	container, index := elementOf(v)
	if container == nil {
		return nil
	}
	at := s.eval(st, container)
	p := s.pool.Pointee(at)
	if at.Op == heap.Iterator {
		p = s.pool.Addr(at.X, "")
	}
	if p == nil || p.Path != "" {
		return nil
	}
	if crowded, _ := st.Fact(s.pool.Crowded(p.X)); !crowded || index != nil && !s.runsOver(st, index, p) {
		return nil
	}
	return p.X
}

// runsOver reports whether a loop runs while an index is less than the length of
// a container.
func (s *search) runsOver(st *state, index ssa.Value, container *heap.Term) bool {
	for _, ref := range *index.Referrers() {
		less, ok := ref.(*ssa.BinOp)
		if !ok || less.Op != token.LSS || less.X != index {
			continue
		}
		if call, ok := less.Y.(*ssa.Call); ok {
			b, ok := call.Call.Value.(*ssa.Builtin)
			if ok && b.Name() == "len" && s.pool.Pointee(s.eval(st, call.Call.Args[0])) == container {
				return true
			}
		}
	}
	return false
}

// elementOf returns the container that a value is an element of, or a part of an
// element, and the index; or the range over a map.
func elementOf(v ssa.Value) (container, index ssa.Value) {
	for range 8 {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.Field:
			v = x.X
		case *ssa.IndexAddr:
			if _, fixed := x.Index.(*ssa.Const); fixed {
				return nil, nil
			}
			return x.X, x.Index
		case *ssa.Extract:
			next, ok := x.Tuple.(*ssa.Next)
			if !ok {
				return nil, nil
			}
			r, ok := next.Iter.(*ssa.Range)
			if !ok {
				return nil, nil
			}
			return r, nil
		default:
			inner, ok := ssaflow.Through(v)
			if !ok {
				return nil, nil
			}
			v = inner
		}
	}
	return nil, nil
}

// another is a state in which a turn of a loop has released an element that was
// not the resource: the loop has yet to come to it.
func (s *search) another(st *state, container *heap.Term) *state {
	n := st.clone()
	visited := s.pool.Visited(container)
	n.KeepFacts(func(c *heap.Term) bool { return c != visited })
	return n
}
