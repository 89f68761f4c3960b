package lifetime

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"golang.org/x/tools/go/ssa"
)

// This file follows the flags of an owner, in which its constructor says once and
// for all what its methods are to do.

// flagged notes the flags of a struct that is made, none of which is set yet.
func (s *search) flagged(st *state, a *ssa.Alloc) {
	for _, path := range s.e.know.FlagsIn(a.Type().Underlying().(*types.Pointer).Elem()) {
		s.setFlag(st, s.pool.Val(a), path, false)
	}
}

// flagsOf collects the flags of the objects that hold the resource, on the ways
// to it from a value.
func (s *evaluator) flagsOf(st *state, v *heap.Term, way heap.Way) (list []facts.Flag) {
	switch v.Op {
	case heap.Aggregate:
		for _, p := range v.Parts {
			list = append(list, s.flagsOf(st, p.Term, way.Then(p.Path))...)
		}
	case heap.Addr:
		if way.Pointers() >= maxHops || !st.Holds(v) {
			return nil
		}
		for path, x := range st.Cells(v.X, v.Path) {
			rest, _ := path.Below(v.Path)
			to := way.Deref(rest)
			if value, ok := x.IsBool(); ok && s.flags[s.pool.Component(v.X, path)] {
				list = append(list, facts.Flag{Shape: to.String(), Value: value})
			} else {
				list = append(list, s.flagsOf(st, x, to)...)
			}
		}
	}
	return list
}

// setFlags sets the flags beside a planted resource.
func (s *evaluator) setFlags(st *state, object *heap.Term, flags []facts.Flag) {
	for _, f := range flags {
		way, ok := heap.Shape(f.Shape).One()
		if !ok || way.Pointers() == 0 {
			continue // in a struct value: it is not put together part by part
		}
		at := s.pool.Within(object, way.Paths[0])
		for _, path := range way.Paths[1 : len(way.Paths)-1] {
			at = s.pool.Behind(at, path)
		}
		s.setFlag(st, at, way.Paths[len(way.Paths)-1], f.Value)
	}
}

func (s *evaluator) setFlag(st *state, object *heap.Term, path heap.Path, value bool) {
	st.SetCell(object, path, s.pool.Bool(value))
	s.flags[s.pool.Component(object, path)] = true
}

// asksHolder reports whether a condition asks a boolean field of an object that
// holds the resource.
func (s *search) asksHolder(st *state, instr *ssa.If) bool {
	load, ok := instr.Cond.(*ssa.UnOp)
	if !ok {
		return false
	}
	field, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	p := s.pool.Pointee(s.eval(st, field.X))
	return p != nil && st.Holds(p)
}

// holderDecides reports whether a path leaves the resource open only because a
// flag of the object that holds it says so, which would have had it released at
// once. Whoever set the flag answers for it: it may be set where this path has
// not looked.
func holderDecides(leaving outcome, outs []outcome) bool {
	for t := leaving.st.trail; t != nil; t = t.prev {
		if !t.flag || t.decided {
			continue
		}
		for _, o := range outs {
			if o.st.status != released {
				continue
			}
			last := o.st.trail
			for last != nil && last.decided {
				last = last.prev
			}
			if last != nil && last.instr == t.instr && last.taken != t.taken {
				return true
			}
		}
	}
	return false
}
