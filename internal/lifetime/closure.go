package lifetime

import (
	"go/types"
	"maps"
	"slices"

	"github.com/redislint/redislint/internal/lifetime/heap"
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
func (s funcs) takesAway(st *state, v *heap.Term) bool {
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
func (s funcs) onlyUses(st *state, fn *heap.Term) bool {
	if s.tried >= maxTried || slices.Contains(s.running, fn.Fn) || fn.Fn.Parent() == nil && s.handsBack(fn.Fn.Signature) {
		return false
	}
	t := s.trial()
	before := st.clone()
	// It runs later: what the variables hold by then is not known.
	t.expose(before, fn)
	before.KeepFacts(func(c *heap.Term) bool { return false })
	before.doubtful = false
	results := t.funcs().callFunc(before.clone(), nil, fn, deferredCall)
	if t.gaveUp || len(results) == 0 {
		return false // it may be what the program ends with
	}
	for _, r := range results {
		if r.st.status != open || r.st.lent != before.lent || len(r.st.lends) != len(before.lends) || r.result != nil && r.st.Holds(r.result) {
			return false
		}
		if s.spread(before, r.st, fn.Fn) {
			return false
		}
	}
	return true
}

// trial returns a search that shares what this one knows and tells it nothing.
func (s funcs) trial() *search {
	t := *s.search
	t.tried++
	t.trace, t.at = nil, nil
	t.steps, t.limit = 0, trialSteps
	t.moves = maps.Clone(s.moves)
	return &t
}

// spread reports whether a call of a function made a place hold the resource
// that did not hold it before, and that is not the function's own.
func (s funcs) spread(before, after *state, fn *ssa.Function) bool {
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

// handsBack reports whether a result of a function can lead to a resource that
// the function was given.
func (s funcs) handsBack(fn *types.Signature) bool {
	for r := range fn.Results().Variables() {
		if s.e.know.canHold(r.Type()) {
			return true
		}
	}
	return false
}
