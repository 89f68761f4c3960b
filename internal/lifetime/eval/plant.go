package eval

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
)

// This file puts the resource under a shape, where a call or a caller left it.

// PlantedAt is planted for a place, with the types of the objects on the way.
func (s *Evaluator) PlantedAt(st *State, object *heap.Term, p facts.Place, dyn types.Type) *heap.Term {
	_, one := heap.Shape(p.Shape).One()
	for _, h := range p.OnWay() {
		if _, pointer := h.Type.Underlying().(*types.Pointer); !one && !pointer {
			continue // the parts of a struct are put together one way at a time
		}
		// The objects are named by the way to them: see plantedOne.
		at := object
		if way, ok := heap.Shape(h.Shape).One(); ok {
			at = s.Pool.Within(at, way.Paths[0])
			for _, path := range way.Paths[1:] {
				at = s.Pool.Behind(at, path)
			}
		}
		s.Dyn[at] = h.Type
	}
	whole := s.Planted(st, object, heap.Shape(p.Shape), dyn)
	s.setFlags(st, object, p.Flags)
	return whole
}

// Planted builds a value with the resource under a shape. Objects on the way
// get names of their own.
func (s *Evaluator) Planted(st *State, object *heap.Term, shape heap.Shape, dyn types.Type) *heap.Term {
	var whole *heap.Term
	for _, way := range shape.Ways() {
		v := s.PlantedOne(st, object, way, dyn)
		if whole != nil && whole.Op == heap.Aggregate && v.Op == heap.Aggregate {
			v = s.Pool.Aggregate(object, append(append([]heap.Part(nil), whole.Parts...), v.Parts...))
		}
		whole = v
	}
	return whole
}

// PlantedOne is Planted for one way.
func (s *Evaluator) PlantedOne(st *State, object *heap.Term, way heap.Way, dyn types.Type) *heap.Term {
	return s.plantedWithin(st, object, "", way, dyn)
}

// plantedWithin builds what a way leads through from where a path ends in an
// object: a struct in an interface there has no name of its own.
func (s *Evaluator) plantedWithin(st *State, object *heap.Term, above heap.Path, way heap.Way, dyn types.Type) *heap.Term {
	if way.Paths[0] != "" {
		path, inner := s.plantedPart(st, object, above, way)
		whole := s.Pool.Aggregate(s.Pool.Component(object, above), []heap.Part{{Path: path, Term: inner}})
		if dyn != nil {
			s.Dyn[whole] = dyn
		}
		return whole
	}
	if way.Pointers() == 0 {
		if way.Func {
			return s.Pool.Cleanup
		}
		return s.Pool.Tracked
	}
	// A pointer to an object with the rest in one of its cells.
	path, inner := s.plantedPart(st, object, "", way.Tail())
	st.SetCell(object, path, inner)
	if dyn != nil {
		s.Dyn[object] = dyn
	}
	return s.Pool.Addr(object, "")
}

// plantedPart builds the part of an object in which a way goes on below a path:
// where its own path ends, or where a struct stands in an interface on it.
func (s *Evaluator) plantedPart(st *State, object *heap.Term, above heap.Path, way heap.Way) (heap.Path, *heap.Term) {
	path := way.Paths[0]
	for at := range path.Prefixes() {
		if t := s.Dyn[s.Pool.Behind(object, above+at)]; t != nil {
			rest, _ := path.Below(at)
			return at, s.plantedWithin(st, object, above+at, way.From(rest), t)
		}
	}
	return path, s.PlantedOne(st, s.Pool.Behind(object, above+path), way.Within(), nil)
}

// setFlags sets the flags beside a planted resource.
func (s *Evaluator) setFlags(st *State, object *heap.Term, flags []facts.Flag) {
	for _, f := range flags {
		way, ok := heap.Shape(f.Shape).One()
		if !ok || way.Pointers() == 0 {
			continue // in a struct value: it is not put together part by part
		}
		at := s.Pool.Within(object, way.Paths[0])
		for _, path := range way.Paths[1 : len(way.Paths)-1] {
			at = s.Pool.Behind(at, path)
		}
		s.SetFlag(st, at, way.Paths[len(way.Paths)-1], f.Value)
	}
}

// SetFlag sets a cell that is a flag.
func (s *Evaluator) SetFlag(st *State, object *heap.Term, path heap.Path, value bool) {
	st.SetCell(object, path, s.Pool.Bool(value))
	s.Flags[s.Pool.Component(object, path)] = true
}
