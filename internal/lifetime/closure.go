package lifetime

import (
	"go/types"
	"maps"
	"slices"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers whether a func that is given away takes what it captured
// with it. A func that only uses the resource, whenever it is called, cannot
// release it: whoever has the func owns nothing.

const (
	maxTried   = 3   // funcs that are tried within one another
	trialSteps = 300 // block visits of one trial
)

// takesAway reports whether a stranger who gets a value can release the
// resource by it, or can hand it on. It cannot if all that leads there is funcs
// that only use it.
func (s funcs) takesAway(st *eval.State, v *heap.Term) bool {
	funcs, bare := st.Funcs(v)
	if bare {
		return true
	}
	for _, f := range funcs {
		if st.Holds(f) && !s.onlyUses(st, f) {
			return true
		}
	}
	return false
}

// onlyUses reports whether a call of a func, at any time, leaves the resource
// as it was: open, and held by nothing that did not hold it before.
func (s funcs) onlyUses(st *eval.State, fn *heap.Term) bool {
	if s.tried >= maxTried || slices.Contains(s.running, fn.Fn) || fn.Fn.Parent() == nil && s.handsBack(fn.Fn) {
		return false
	}
	t := s.trial()
	before := st.Clone()
	// It runs later: what the variables hold by then is not known.
	t.expose(before, fn)
	before.KeepFacts(func(c *heap.Term) bool { return false })
	before.Doubtful = false
	results := t.funcs().callFunc(before.Clone(), nil, fn, deferredCall)
	if t.gaveUp || t.untaken || len(results) == 0 {
		return false // it may be what the program ends with
	}
	for _, r := range results {
		if r.st.Status != eval.Open || r.st.Lent != before.Lent || len(r.st.Lends) != len(before.Lends) || r.result != nil && t.funcs().takesAway(r.st, r.result) {
			return false
		}
		if s.spread(before, r.st, fn.Fn) {
			return false
		}
	}
	return true
}

// takenBack reports whether a call is one whose result, a func that takes back
// what the call has registered, is deferred on the spot.
func takenBack(instr ssa.CallInstruction) bool {
	v := ssaflow.ValueOf(instr)
	if v == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		if d, ok := ref.(*ssa.Defer); ok && d.Call.Value == v && d.Block() == instr.Block() {
			return true
		}
	}
	return false
}

// keptByLast returns a state in which the func that runs last of all has left
// the resource open, although it releases it on another path. It has a say in
// that only by what it finds out itself: what it captured may be as it should by
// then.
func (s funcs) keptByLast(st *eval.State, fn *heap.Term) *eval.State {
	t := s.trial()
	before := st.Clone()
	t.expose(before, fn)
	var kept *eval.State
	releases := false
	for _, r := range t.funcs().callFunc(before.Clone(), nil, fn, deferredCall) {
		switch {
		case r.st.Status == eval.Released:
			releases = true
		case r.st.Status != eval.Open || r.st.Lent || r.st.Doubtful || s.spread(before, r.st, fn.Fn):
			return nil
		case kept == nil && foundOut(r.st.Trail, before.Trail, fn.Fn):
			kept = r.st
		}
	}
	if t.gaveUp || !releases || kept == nil {
		return nil
	}
	n := st.Clone()
	n.Trail = kept.Trail
	return n
}

// foundOut reports whether all conditions of a path since another one are about
// errors that calls in a function returned.
func foundOut(trail, since *eval.Step, fn *ssa.Function) bool {
	for ; trail != nil && trail != since; trail = trail.Prev {
		ifs, ok := trail.Instr.(*ssa.If)
		if !ok {
			return false
		}
		cmp, ok := ifs.Cond.(*ssa.BinOp)
		if !ok || !(returnedError(cmp.X, fn) && ssaflow.IsNil(cmp.Y) || returnedError(cmp.Y, fn) && ssaflow.IsNil(cmp.X)) {
			return false
		}
	}
	return true
}

// returnedError reports whether a value is an error that a call in a function
// returned.
func returnedError(v ssa.Value, fn *ssa.Function) bool {
	if !ssaflow.IsError(v.Type()) {
		return false
	}
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	call, ok := v.(*ssa.Call)
	return ok && call.Parent() == fn
}

// trial returns a search that shares what this one knows and tells it nothing.
func (s funcs) trial() *search {
	t := *s.search
	t.tried++
	t.trace, t.at, t.untaken = nil, nil, false
	t.steps, t.limit = 0, trialSteps
	t.moves = maps.Clone(s.moves)
	return &t
}

// spread reports whether a call of a function made a place hold the resource
// that did not hold it before, and that is not the function's own.
func (s funcs) spread(before, after *eval.State, fn *ssa.Function) bool {
	for obj := range after.Objects() {
		if in, ok := obj.Origin().Current().Value.(ssa.Instruction); ok && obj.Local() && within(in.Parent(), fn) {
			continue
		}
		for path, x := range after.Cells(obj, "") {
			if !after.Holds(x) {
				continue
			}
			if old := before.Cell(obj, path); old == nil || !before.Holds(old) {
				return true
			}
		}
	}
	return false
}

// within reports whether a function is another one or stands in it.
func within(fn, outer *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		if fn == outer {
			return true
		}
	}
	return false
}

// handsBack reports whether a result of a function that cannot be read can lead
// to a resource that the function was given.
func (s funcs) handsBack(fn *ssa.Function) bool {
	if m, ok := fn.Object().(*types.Func); ok && s.e.know.HasBody(fn.Prog.FuncValue(m)) {
		return false // what it returns is known
	}
	for r := range fn.Signature.Results().Variables() {
		if s.e.know.CanHold(r.Type()) {
			return true
		}
	}
	return false
}
