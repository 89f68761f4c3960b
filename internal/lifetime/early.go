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

// This file answers whether a function releases too early: by a deferred call,
// what it gives away to be used after it has returned.

// handle returns what a call makes of the resource that uses it and cannot
// release it: a pipeline, a lock, a channel of a subscription; nil if nothing.
func (s usage) handle(st *eval.State, instr ssa.CallInstruction, row *redisapi.Func, method *types.Func, args []*heap.Term) *heap.Term {
	v := ssaflow.ValueOf(instr)
	if v == nil || s.site == nil {
		return nil
	}
	parts := map[int]*heap.Term{}
	on := func(result, param int) {
		if param >= len(args) {
			return
		}
		if _, direct := st.Users(args[param]); !direct {
			return
		}
		if x := resultAt(v, result); x != nil {
			parts[result] = s.Pool.Handle(s.Pool.Val(x))
		}
	}
	for _, d := range row.Derives {
		on(d.Result, d.Param)
	}
	if c := s.e.know.Table.Conduct(method); c != nil && c.Messages {
		on(0, 0)
	}
	if len(parts) == 0 {
		return nil
	}
	return s.Results(v, parts)
}

// resultAt is the value that a function gets a result of a call by, or nil.
func resultAt(call ssa.Value, index int) ssa.Value {
	if _, ok := call.Type().(*types.Tuple); !ok {
		return call
	}
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == index {
			return x
		}
	}
	return nil
}

// noteEarly notes that a way of returning leaves what a deferred call has just
// released to somebody who can use it from then on.
func (s usage) noteEarly(o outcome) {
	st := o.st
	if st.Release == nil || st.Release.By == nil || st.Release.Perhaps || s.coarse || st.Doubtful || isMain(s.root) {
		return
	}
	by := st.Release.By
	if st.Started != nil {
		s.early = append(s.early, earlyRelease{by, Started, st.Started})
	}
	if n := len(o.results); n == 0 || !ssaflow.IsError(s.root.Signature.Results().At(n-1).Type()) || s.KnownOf(st, o.results[n-1]) != "notnil" {
		for _, r := range o.results {
			if p := s.Pool.Pointee(r); p != nil && !p.X.Local() && p.X.Op != heap.Handle {
				continue // somebody else's, which it is in for the time of the call
			}
			if s.usable(st, r) {
				s.early = append(s.early, earlyRelease{by, Returned, o.exit})
				break
			}
		}
	}
	for obj := range st.Objects() {
		if obj.Local() {
			continue
		}
		for path, v := range st.Cells(obj, "") {
			// Otherwise what it has stored may have been for the time of the call.
			if s.usable(st, v) && s.e.know.KeepsQuiet(s.root, s.site.instr) && s.e.know.ReadElsewhere(s.root, obj.Origin().Value, path) {
				s.early = append(s.early, earlyRelease{by, Stored, by})
				return
			}
		}
	}
}

func isMain(fn *ssa.Function) bool {
	return fn.Name() == "main" && fn.Pkg != nil && fn.Pkg.Pkg.Name() == "main" && fn.Parent() == nil
}

// usable reports whether the resource can be used by a value: it is it, leads to
// it or to a handle on it, or is a func that uses it when it is called.
func (s usage) usable(st *eval.State, v *heap.Term) bool {
	funcs, direct := st.Users(v)
	if direct {
		return true
	}
	for _, f := range funcs {
		if s.usesWhenCalled(st, f) {
			return true
		}
	}
	return false
}

// usesWhenCalled reports whether a func uses the resource when it is called.
func (s usage) usesWhenCalled(st *eval.State, fn *heap.Term) bool {
	if s.tried >= maxTried || len(fn.Parts) == 0 {
		return false
	}
	for _, r := range s.running {
		if r == fn.Fn {
			return false
		}
	}
	t := s.funcs().trial()
	t.late, t.dropped, t.releases, t.early = nil, nil, nil, nil
	later := st.Clone()
	t.expose(later, fn)
	later.KeepFacts(func(*heap.Term) bool { return false })
	later.Status, later.Release = eval.Released, &eval.ReleaseEvent{}
	t.funcs().callFunc(later, nil, fn, deferredCall)
	return len(t.late) > 0
}

// startsUse reports whether a goroutine uses the resource.
func (s usage) startsUse(st *eval.State, instr *ssa.Go, fn *heap.Term, args []*heap.Term) bool {
	if s.site == nil || len(s.running) == 0 || s.running[len(s.running)-1] != s.root {
		return false
	}
	switch redisapi.Kind(s.site.open.Kind) {
	case redisapi.Subscription, redisapi.Monitor, redisapi.Worker:
		return false // its release is how the goroutine is told to end
	}
	if fn != nil && fn.Op == heap.Closure && len(fn.Parts) > 0 && s.usesWhenCalled(st, fn) {
		return true
	}
	callee := ssaflow.Static(&instr.Call)
	for i, a := range args {
		if _, direct := st.Users(a); direct && s.e.know.IssuesOn(callee, i, 0) {
			return true
		}
	}
	return false
}

// earlyPast looks for releases of what was put into a package-level variable,
// where a search ends because it has an owner there.
func (e *engine) earlyPast(s *site, root *ssa.Function, reasons map[facts.Reason]bool) []earlyRelease {
	if !reasons[facts.MovedGlobal] || !ssaflow.Defers(root) {
		return nil
	}
	x, outs := e.followPast(s, root)
	if x.gaveUp {
		return nil
	}
	for _, o := range outs {
		if o.st.Status == eval.Released {
			x.usage().noteEarly(o)
		}
	}
	return x.early
}

// followPast runs a search that does not end where the resource moves: what the
// function does to it itself, whoever else has it by then.
func (e *engine) followPast(s *site, root *ssa.Function) (*search, []outcome) {
	x := e.newSearch(s, root, false)
	x.past = true
	return x, x.run(root, eval.NewState(e.pool))
}

// earlyReleases describes the early releases that a verdict found, one for each
// defer statement.
func (e *engine) earlyReleases(v *verdict) []EarlyRelease {
	var list []EarlyRelease
	seen := map[*ssa.Defer]bool{}
	for _, r := range v.early {
		if seen[r.by] || e.prog.InTest(r.by.Pos()) {
			continue
		}
		stmt := e.prog.Source().Defer(r.by.Pos())
		if stmt == nil {
			continue
		}
		seen[r.by] = r.how != Started
		early := EarlyRelease{Defer: stmt, How: r.how, At: exitPos(r.by.Parent(), r.at)}
		early.Start, _ = r.at.(*ssa.Go)
		list = append(list, early)
	}
	return list
}
