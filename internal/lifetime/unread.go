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

// This file applies calls of functions that cannot be read: what they can do is
// told by their signatures alone.

// unread applies a call of a function whose package was not analysed.
func (s calls) unread(st *eval.State, instr ssa.CallInstruction, fn *types.Func, args []*heap.Term, how mode) []result {
	s.keepers().keepUnread(st, fn, args)
	if st.Status != eval.Open || fn == nil {
		return s.unknownCall(st, instr, args, facts.MovedUnknown)
	}
	at := -1
	for i, a := range args {
		if !st.Holds(a) || !s.funcs().takesAway(st, a) || s.borrowsOwner(st, fn, i, a) {
			continue
		}
		if at >= 0 {
			return s.unknownCall(st, instr, args, facts.MovedUnknown)
		}
		at = i
	}
	if at < 0 {
		for _, a := range args {
			s.expose(st, a)
		}
		return only(st)
	}
	g, ok := knowledge.Parametric(fn, at)
	if !ok {
		return s.unknownCall(st, instr, args, facts.MovedUnknown)
	}
	for _, c := range g.Callbacks {
		if args[c.Param].Op != heap.Closure {
			return s.unknownCall(st, instr, args, facts.MovedUnknown)
		}
	}
	states := []*eval.State{st}
	for _, c := range g.Callbacks {
		given := make([]*heap.Term, c.Arity)
		for i := range given {
			given[i] = s.Pool.Unknown
		}
		for _, i := range c.Takes {
			given[i] = args[at]
		}
		var next []*eval.State
		for _, st := range states {
			for _, r := range s.funcs().callFunc(st, instr, args[c.Param], how, given...) {
				if r.result != nil && r.st.Status == eval.Open && r.st.Holds(r.result) {
					s.escape(r.st, args[at], facts.MovedUnknown)
				}
				next = append(next, r.st)
			}
		}
		states = next
	}
	v := ssaflow.ValueOf(instr)
	var results []result
	for _, st := range states {
		for i, a := range args {
			if i != at {
				s.expose(st, a)
			}
		}
		if v == nil || len(g.Results) == 0 || st.Status != eval.Open {
			results = append(results, result{st: st})
			continue
		}
		if g.Choice {
			results = append(results, result{st: st.Clone()})
		}
		parts := map[int]*heap.Term{}
		for _, i := range g.Results {
			parts[i] = args[at]
		}
		results = append(results, result{st, s.Results(v, parts)})
	}
	return results
}

// borrowsOwner reports whether a function is given an owner of the resource, or
// several for its last parameter, as an interface by which it can neither
// release it nor get it out.
func (s calls) borrowsOwner(st *eval.State, fn *types.Func, i int, a *heap.Term) bool {
	sig := fn.Signature()
	if sig.Recv() != nil {
		i--
	}
	if a.Op != heap.Addr || i < 0 || i >= sig.Params().Len() {
		return false
	}
	t := sig.Params().At(i).Type()
	if !sig.Variadic() || i < sig.Params().Len()-1 {
		return s.borrowsAs(st, t, a)
	}
	list, ok := t.(*types.Slice)
	if !ok {
		return false
	}
	found := false
	for _, x := range st.Cells(a.X, a.Path) {
		if st.Holds(x) {
			if found = true; !s.borrowsAs(st, list.Elem(), x) {
				return false
			}
		}
	}
	return found
}

// borrowsAs is borrowsOwner for a value and the type that it is given as.
func (s calls) borrowsAs(st *eval.State, t types.Type, a *heap.Term) bool {
	if a.Op != heap.Addr {
		return false
	}
	dyn := s.DynAt(a)
	if dyn == nil {
		return false
	}
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || iface.NumMethods() == 0 || ssaflow.IsTypeParam(t) {
		return false
	}
	shape, ok := s.Shape(st, a)
	if !ok || shape == "" {
		return false
	}
	closers := s.e.owners.closers(dyn, shape, nil, s.release)
	for m := range iface.Methods() {
		for _, c := range closers {
			if m.Name() == c {
				return false
			}
		}
		if s.isRelease(m.Name()) {
			return false
		}
		if s.canHandOut(m) && s.e.owners.handsOut(dyn, m, shape, s.release) {
			return false
		}
	}
	return true
}

// canHandOut reports whether the results of a method can be a resource that
// whoever gets it can release.
func (s calls) canHandOut(m *types.Func) bool {
	for r := range m.Signature().Results().Variables() {
		if s.e.know.CanHold(r.Type()) && s.releasable(r.Type()) {
			return true
		}
	}
	return false
}

// releasable reports whether a value of a type can be released, or is of a type
// that says nothing.
func (s calls) releasable(t types.Type) bool {
	if iface, ok := t.Underlying().(*types.Interface); ok && iface.NumMethods() == 0 {
		return true
	}
	for _, name := range s.release {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name); obj != nil {
			return true
		}
	}
	return false
}
