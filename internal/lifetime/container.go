package lifetime

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file applies the methods of the standard library's containers: of
// sync.Map, atomic.Pointer and their like. What they hold is their elements, as
// of a map.

// inContainer applies a call of a method that puts something into its receiver
// or takes it out. It is not ok if the call is none, or nothing is known of the
// receiver.
func (s calls) inContainer(st *eval.State, instr ssa.CallInstruction, row *redisapi.Func, args []*heap.Term, how mode) (list []result, ok bool) {
	if len(row.Puts)+len(row.Gets)+len(row.Each) == 0 || len(args) == 0 {
		return nil, false
	}
	c := s.Pool.Pointee(args[0])
	if c == nil {
		return nil, false
	}
	v := ssaflow.ValueOf(instr)
	elem := s.Elem(st, c, s.Pool.Unknown)
	parts := map[int]*heap.Term{}
	for _, i := range row.Gets {
		if st.Holds(elem) {
			parts[i] = elem
			if v != nil && isBoolResult(v.Type(), i+1) {
				parts[i+1] = s.Pool.True
			}
		}
	}
	finish := func(st *eval.State, parts map[int]*heap.Term) {
		r := result{st: st}
		if v != nil && len(parts) > 0 {
			r.result = s.Results(v, parts)
		}
		list = append(list, r)
	}
	switch {
	case len(row.Puts) > 0:
		p := row.Puts[0]
		if p.Param >= len(args) {
			return nil, false
		}
		x := args[p.Param]
		if (p.When >= 0 || p.Unless >= 0) && st.Status == eval.Open && st.Holds(x) {
			// It may be refused.
			other := map[int]*heap.Term{}
			if p.When >= 0 {
				parts[p.When], other[p.When] = s.Pool.True, s.Pool.False
			} else {
				parts[p.Unless], other[p.Unless] = s.Pool.False, s.Pool.True
				if p.Unless > 0 { // what is in there
					parts[p.Unless-1], other[p.Unless-1] = x, s.Pool.NonNil
				}
			}
			finish(st.Clone(), other)
		}
		if p.When < 0 && p.Unless < 0 && p.Over {
			s.emptied(st, c, len(row.Gets) > 0)
		}
		s.putElem(st, c, x)
		finish(st, parts)
	case len(row.Each) > 0:
		for _, st := range s.each(st, instr, row.Each[0], elem, args, how) {
			finish(st, nil)
		}
	default:
		finish(st, parts)
	}
	return list, true
}

// emptied notes that a container has lost the one thing that it held. What has
// been taken out is not lost.
func (s calls) emptied(st *eval.State, c *heap.Term, taken bool) {
	held := st.Status == eval.Open && st.Holds(s.Pool.Addr(c.X, c.Path+heap.Elem))
	st.DropCell(c.X, c.Path+heap.Elem)
	if held && !taken && !c.X.Local() && !st.Reachable() {
		s.move(st, facts.MovedOverwrote)
	}
}

// each calls a func with what is in a container.
func (s calls) each(st *eval.State, instr ssa.CallInstruction, e redisapi.Scope, elem *heap.Term, args []*heap.Term, how mode) []*eval.State {
	if e.Callback >= len(args) {
		return []*eval.State{st}
	}
	f := args[e.Callback]
	holds := st.Status == eval.Open && st.Holds(elem)
	if f.Op != heap.Closure {
		if holds {
			s.escape(st, elem, facts.MovedDynamic)
		}
		s.escape(st, f, facts.MovedDynamic)
		return []*eval.State{st}
	}
	if !holds {
		return s.funcs().callValue(st, instr, f, how)
	}
	given := make([]*heap.Term, f.Fn.Signature.Params().Len())
	for i := range given {
		given[i] = s.Pool.Unknown
	}
	if e.Arg < len(given) {
		given[e.Arg] = elem
	}
	var next []*eval.State
	for _, r := range s.funcs().callFunc(st, instr, f, how, given...) {
		next = append(next, r.st)
	}
	return next
}

func isBoolResult(t types.Type, i int) bool {
	tuple, ok := t.(*types.Tuple)
	return ok && i < tuple.Len() && ssaflow.IsBool(tuple.At(i).Type())
}
