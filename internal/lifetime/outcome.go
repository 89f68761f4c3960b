package lifetime

import (
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"golang.org/x/tools/go/ssa"
)

// This file turns the ways in which a function returned into outcomes.

// Exits are a search at a return.
type exits struct{ *search }

func (s *search) exits() exits { return exits{s} }

// classifyAll turns the ways in which a function returned into outcomes.
func (s exits) classifyAll(fn *ssa.Function, outs []outcome, origin *facts.Place) []facts.Outcome {
	var list []facts.Outcome
	for _, o := range outs {
		list = append(list, s.classify(fn, o, origin))
	}
	return list
}

// classify says where a way of returning leaves the resource.
func (s exits) classify(fn *ssa.Function, o outcome, origin *facts.Place) facts.Outcome {
	out := facts.Outcome{Results: s.KnownResults(o.st, o.results), Lends: o.st.Lends}
	switch o.st.Status {
	case eval.Released:
		out.Effect, out.Manner, out.Lends = facts.Released, o.st.Manner, nil
		return out
	case eval.Moved:
		return facts.Outcome{Effect: facts.Moved, Reason: o.st.Moved}
	case eval.Open:
		if o.st.Lent {
			return facts.Outcome{Effect: facts.Moved, Reason: facts.MovedDynamic}
		}
	}
	users := make([]bool, len(o.results)) // results that use it, and cannot release it
	for i, r := range o.results {
		users[i] = o.st.HasUser(r)
		if !o.st.Holds(r) {
			continue
		}
		if r.Op == heap.Cleanup || r.Op == heap.Closure {
			if r.Op == heap.Closure && !s.calls().releasesWhenCalled(o.st, r) {
				if s.funcs().onlyUses(o.st, r) {
					users[i] = true // who has it owns nothing: another result may
					continue
				}
				return facts.Outcome{Effect: facts.Moved, Reason: facts.MovedClosure}
			}
			out.Into = append(out.Into, facts.Place{Index: i, Func: true})
			continue
		}
		if r = s.withoutUsers(o.st, r); !o.st.Holds(r) {
			users[i] = true
			continue
		}
		shape, ok := s.Shape(o.st, r)
		if !ok {
			return facts.Outcome{Effect: facts.Moved, Reason: facts.MovedReturned}
		}
		p := facts.Place{Index: i, Shape: shape, Flags: s.FlagsOf(o.st, r, heap.Here())}
		var dyn types.Type
		if r.Op == heap.Addr || r.Op == heap.Aggregate {
			dyn = s.DynAt(r)
		}
		out.Into = append(out.Into, p.Typed(dyn, s.Hops(o.st, r, heap.Here())))
	}
	for i, p := range fn.Params {
		param := s.Pool.Val(p)
		var held []heap.Way
		var hops []facts.Hop
		for obj := range o.st.Objects() {
			way, ok := heap.WayFrom(param, obj)
			if !ok {
				continue
			}
			for path, v := range o.st.Cells(obj, "") {
				to := way.Then(path)
				if o.st.Holds(v) {
					v = s.withoutUsers(o.st, v)
				}
				s.HopsOf(o.st, v, to, &hops)
				ways := o.st.WaysFrom(v, to)
				if len(ways) == 0 && o.st.Holds(v) {
					return facts.Outcome{Effect: facts.Moved, Reason: facts.MovedField} // deeper than a shape can tell
				}
				held = append(held, ways...)
			}
		}
		if shape, ok := heap.Join(held); ok {
			if _, whole := p.Type().Underlying().(*types.Struct); whole {
				shape = shape.Value() // behind a pointer that it has a copy of
			}
			if origin != nil && origin.Index == i && origin.Shape == string(shape) {
				continue
			}
			out.Into = append(out.Into, facts.Place{Param: true, Index: i, Shape: string(shape)}.Typed(nil, hops))
		}
	}
	if s.heldOutside(o.st, fn) {
		return facts.Outcome{Effect: facts.Moved, Reason: facts.MovedField}
	}
	switch used := slices.Contains(users, true); {
	case len(out.Into) > 0:
	case used && origin != nil:
		// Who passed it in has it still, and with the result what uses it.
		if out.Results == nil {
			out.Results = make([]facts.Known, len(users))
		}
		for i, user := range users {
			if user {
				out.Results[i] = facts.Uses
			}
		}
	case used, s.usedOutside(o.st):
		return facts.Outcome{Effect: facts.Moved, Reason: facts.MovedClosure} // it lives as long as what it was made for
	}
	return out
}

// usedOutside reports whether an object that is not local holds what uses the
// resource.
func (s exits) usedOutside(st *eval.State) bool {
	for obj := range st.Objects() {
		if obj.Local() {
			continue
		}
		for _, v := range st.Cells(obj, "") {
			if st.HasUser(v) {
				return true
			}
		}
	}
	return false
}

// withoutUsers returns a struct, or a pointer to one, without those of its funcs
// that only use the resource: who calls them releases nothing.
func (s exits) withoutUsers(st *eval.State, v *heap.Term) *heap.Term {
	user := func(f *heap.Term) bool {
		return f.Op == heap.Closure && st.Holds(f) && !s.calls().releasesWhenCalled(st, f) && s.funcs().onlyUses(st, f)
	}
	switch v.Op {
	case heap.Aggregate:
		parts := slices.Clone(v.Parts)
		changed := false
		for i, p := range parts {
			if user(p.Term) {
				parts[i].Term, changed = s.Pool.NonNil, true
			}
		}
		if changed {
			whole := s.Pool.Aggregate(v.X, parts)
			if t := s.DynAt(v); t != nil {
				s.Dyn[whole] = t
			}
			return whole
		}
	case heap.Addr:
		var users []heap.Path
		for path, x := range st.Cells(v.X, v.Path) {
			if user(x) {
				users = append(users, path)
			}
		}
		for _, path := range users {
			st.SetCell(v.X, path, s.Pool.NonNil)
		}
	}
	return v
}

// heldOutside reports whether an object that is neither local nor reached from
// a parameter holds the resource: what a captured variable leads to.
func (s exits) heldOutside(st *eval.State, fn *ssa.Function) bool {
	for obj := range st.Objects() {
		if obj.Local() || s.ofLiteral(obj) || slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool {
			_, ok := heap.WayFrom(s.Pool.Val(p), obj)
			return ok
		}) {
			continue
		}
		for _, v := range st.Cells(obj, "") {
			if st.Holds(v) {
				return true
			}
		}
	}
	return false
}

// ofLiteral reports whether an object is a part of the literal that is the
// resource: what is there is in itself.
func (s exits) ofLiteral(obj *heap.Term) bool {
	v := obj.Origin().Value
	for {
		field, ok := v.(*ssa.FieldAddr)
		if !ok {
			return false
		}
		v = field.X
		if instr, ok := v.(ssa.Instruction); ok && s.site != nil && s.site.instr == instr {
			return true
		}
	}
}

// releasesWhenCalled reports whether calling a func releases the resource on
// every path.
func (s calls) releasesWhenCalled(st *eval.State, fn *heap.Term) bool {
	states := s.funcs().callValue(st.Clone(), nil, fn, deferredCall)
	for _, n := range states {
		if n.Status != eval.Released {
			return false
		}
	}
	return len(states) > 0
}
