package loops

import (
	"slices"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file judges what goroutines open that a loop starts, one for each item of
// what it ranges over: each opens the same for one task, where one pool before the
// loop would do. A worker that goes on to work is no such goroutine, nor is one of
// a fixed number.

// perTask reports whether a resource is opened, used and released by a goroutine
// for one item of a loop, always with the same settings.
func (r *Result) perTask(res *lifetime.Resource, site lifetime.Site) bool {
	fn := res.Func
	start, args := r.startOf(fn)
	if start == nil || !inLoop(start) || !res.Heavy() || !r.comesRound(start.Block()) || slices.Contains(ssaflow.Loops(fn), true) {
		return false
	}
	if c := r.lives.Course(site); c.GaveUp || c.Moved || c.Given || c.Left || len(c.Leaks) > 0 {
		return false
	}
	v := &variation{in: r, inside: ssaflow.LoopAround(start.Block()), seen: map[ssa.Value]bool{}, args: args}
	if v.waits() || v.opening(res.Instr) {
		return false
	}
	// It works on what the loop has given to it.
	mc := ssaflow.Maker(fn)
	of := func(x ssa.Value) bool {
		w := &variation{in: r, inside: v.inside, seen: map[ssa.Value]bool{}, args: args}
		return w.differs(x)
	}
	for _, a := range args {
		if of(a) {
			return true
		}
	}
	return mc != nil && slices.ContainsFunc(mc.Bindings, of)
}

// startOf returns what starts a literal as a goroutine, and the arguments that it
// is given by its parameters; nil if that is not all that is done with it.
func (r *Result) startOf(fn *ssa.Function) (start ssa.Instruction, args map[*ssa.Parameter]ssa.Value) {
	if fn.Parent() == nil || fn.Referrers() == nil {
		return nil, nil
	}
	refs := *fn.Referrers()
	if mc := ssaflow.Maker(fn); mc != nil {
		refs = *mc.Referrers()
	}
	if len(refs) != 1 {
		return nil, nil
	}
	args = map[*ssa.Parameter]ssa.Value{}
	switch at := refs[0].(type) {
	case *ssa.Go:
		if ssaflow.FuncOf(at.Call.Value) != fn {
			return nil, nil
		}
		for i, p := range fn.Params {
			args[p] = at.Call.Args[i]
		}
		return at, args
	case *ssa.Call:
		obj := ssaflow.Callee(&at.Call)
		if obj == nil {
			return nil, nil
		}
		if c := r.prog.Table.Conduct(obj); c != nil && len(c.Spawns) > 0 && len(fn.Params) == 0 {
			return at, args
		}
	}
	return nil, nil
}
