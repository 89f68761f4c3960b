package lifetime

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// Usage is a search asked whether the resource is used when it is released already,
// or will be by then.
type usage struct{ *search }

func (s *search) usage() usage { return usage{s} }

// noteUse notes a call of a method of the resource after its release. What
// another goroutine releases, or a func that somebody else calls, is released
// at a time that nobody knows.
func (s usage) noteUse(st *eval.State, instr ssa.CallInstruction, row *redisapi.Func, method *types.Func, args []*heap.Term) {
	if st.Status != eval.Released || st.Release == nil || instr == nil || s.site == nil {
		return
	}
	uses := func(t *heap.Term) bool { return t.Op == heap.Tracked || t.Op == heap.Handle }
	used := len(args) > 0 && uses(args[0]) && ssaflow.IsMethod(method) && (len(row.Opens)+len(row.Derives) > 0 || s.e.know.IsCommand(instr, method))
	for _, i := range row.Commands {
		used = used || i < len(args) && uses(args[i])
	}
	if used {
		s.noteLate(st, instr)
	}
}

// noteLate notes that a call uses the resource after its release.
func (s usage) noteLate(st *eval.State, instr ssa.CallInstruction) {
	if st.Release == nil || st.Release.Perhaps {
		return
	}
	by := st.Release.Instr
	switch by := by.(type) {
	case nil: // somebody is asked what happens after the release
	case *ssa.Call:
		if st.Release.Deferred && st.Release.By == nil || !s.e.know.RunsBefore(by.Parent(), instr.Parent()) {
			return
		}
	case *ssa.Defer:
		if fn := by.Parent(); fn != s.root && (slices.Contains(s.running, fn) || !s.e.know.RunsBefore(fn, instr.Parent())) {
			return // it runs now, among the deferred calls
		}
	default:
		return
	}
	for _, u := range s.late {
		if u.use == instr {
			return
		}
	}
	s.late = append(s.late, lateUse{instr, by})
}

// passedLate applies a call to an argument that holds the resource after its
// release: the call may use it, or hand it out again.
func (s usage) passedLate(st *eval.State, instr ssa.CallInstruction, method *types.Func, callee *ssa.Function, body bool, fact *facts.FuncFact, i int, args []*heap.Term, how mode) []result {
	if s.site == nil || instr == nil {
		return only(st)
	}
	if call, ok := instr.(*ssa.Call); ok && len(s.e.openings.handedBy(call)) > 0 {
		return only(st) // what it hands out may be new
	}
	if args[i].Op == heap.Tracked && how == plainCall && s.e.know.IssuesOn(callee, i, 0) {
		s.noteLate(st, instr)
		return only(st)
	}
	shape, ok := s.Shape(st, args[i])
	if !ok {
		return only(st)
	}
	outcomes := s.e.summaries.paramOutcomes(method, callee, body, fact, i, shape, strings.Join(s.release, ","), facts.Concrete{Type: s.Type}, s.constants(st, args)...)
	if len(outcomes) != 1 || outcomes[0].Effect != facts.Kept {
		return only(st)
	}
	for _, p := range outcomes[0].Into {
		if p.Param {
			return only(st)
		}
	}
	return []result{s.calls().applyOutcome(st, instr, outcomes[0], args, how)}
}

// lateUses returns the uses after the release that a verdict found.
func (e *engine) lateUses(v *verdict) []LateUse {
	var list []LateUse
	for _, u := range v.late {
		if !e.prog.InTest(u.use.Pos()) {
			list = append(list, LateUse{Pos: u.use.Pos(), Release: u.release.Pos()})
		}
	}
	return list
}

// nilOnError reports whether a function returns nil at an index whenever it
// returns an error.
func (e *openings) nilOnError(fn *ssa.Function, index, err int) bool {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if ok && (max(index, err) >= len(ret.Results) || !e.nilWithError(ret.Results[index], ret.Results[err]) && !ssaflow.NilAt(ret.Results[err], b)) {
			return false
		}
	}
	return true
}

// nilWithError reports whether of a value and an error one is nil.
func (e *openings) nilWithError(v, err ssa.Value) bool {
	if ssaflow.IsNil(v) || ssaflow.IsNil(err) {
		return true
	}
	if p, ok := v.(*ssa.Phi); ok {
		q, ok := err.(*ssa.Phi)
		if !ok || p.Block() != q.Block() {
			return false
		}
		for i := range p.Edges {
			if p.Edges[i] == v || !e.nilWithError(p.Edges[i], q.Edges[i]) {
				return false
			}
		}
		return true
	}
	x, ok1 := v.(*ssa.Extract)
	y, ok2 := err.(*ssa.Extract)
	if !ok1 || !ok2 || x.Tuple != y.Tuple {
		return false
	}
	call, ok := x.Tuple.(*ssa.Call)
	if !ok {
		return false
	}
	for _, o := range e.openedBy(call) {
		if !o.At.Param && o.At.Index == x.Index && o.Err == y.Index {
			return o.Nil
		}
	}
	return false
}

// An EarlyDefer is a release, deferred before it is known whether there is
// anything to release: when opening failed, it is called on nil.
type EarlyDefer struct {
	*Resource
	Defer *ast.DeferStmt
	Check token.Pos // where the error is looked at
	Error string    // the variable with the error, or ""
}

// EarlyDefers returns the releases that are deferred too early, in source
// order of what is opened. An error that is never looked at is another mistake.
func (r *Result) EarlyDefers() []EarlyDefer {
	return ask(r, func(e *engine) (list []EarlyDefer) {
		for _, res := range r.Resources {
			if d, ok := e.earlyDefer(res); ok {
				list = append(list, d)
			}
		}
		return list
	})
}

// earlyDefer judges one resource.
func (e *engine) earlyDefer(res *Resource) (d EarlyDefer, ok bool) {
	call, ok := res.Instr.(*ssa.Call)
	if !ok || e.prog.InTest(call.Pos()) {
		return d, false
	}
	for _, o := range e.openings.openedBy(call) {
		if !o.Nil || o.At.Param || o.At.Func || o.At.Shape != "" || o.Err < 0 {
			continue
		}
		early, check := deferredEarly(call, o)
		if early == nil {
			continue
		}
		if stmt := e.prog.Source().Defer(early.Pos()); stmt != nil {
			return EarlyDefer{res, stmt, check, e.names.errName(call, o.Err)}, true
		}
	}
	return d, false
}

// errName is the variable that the error of a call is bound to.
func (ns *names) errName(call *ssa.Call, index int) string {
	if node := ns.prog.Source().At(call); node != nil {
		return program.Name(ns.prog.Source().Bound(node, index))
	}
	return ""
}

// deferredEarly returns the deferred release of what a call opens that is
// reached before any condition asks for the call's error, and where one asks
// for it later.
func deferredEarly(call *ssa.Call, o facts.Open) (early *ssa.Defer, check token.Pos) {
	var resource, err []ssa.Value
	for _, ref := range *call.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok {
			switch x.Index {
			case o.At.Index:
				resource = ssaflow.Copies(x)
			case o.Err:
				err = ssaflow.Copies(x)
			}
		}
	}
	if resource == nil || err == nil {
		return nil, token.NoPos
	}
	asks := map[*ssa.BasicBlock]token.Pos{} // blocks that end by asking for the error
	for _, v := range err {
		for _, ref := range *v.Referrers() {
			if in, ok := ref.(ssa.Value); ok && ref.Block() != nil {
				if ifs, ok := ref.Block().Instrs[len(ref.Block().Instrs)-1].(*ssa.If); ok && asksFor(ifs.Cond, in) {
					asks[ref.Block()] = ref.Pos()
				}
			}
		}
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{call.Block()}
	for len(work) > 0 && early == nil {
		b := work[0]
		work = work[1:]
		if seen[b] {
			continue
		}
		seen[b] = true
		after := b != call.Block()
		for _, instr := range b.Instrs {
			if d, ok := instr.(*ssa.Defer); ok && after && releasesNow(d, resource, o.Release) {
				early = d
				break
			}
			after = after || instr == ssa.Instruction(call)
		}
		if _, asked := asks[b]; !asked {
			work = append(work, b.Succs...)
		}
	}
	if early == nil {
		return nil, token.NoPos
	}
	// The error is asked for later, on the way on from the defer.
	reached := ssaflow.ReachableFrom(early.Block())
	for b, pos := range asks {
		if (reached[b] || b == early.Block()) && pos > early.Pos() && (!check.IsValid() || pos < check) {
			check = pos
		}
	}
	if !check.IsValid() {
		return nil, token.NoPos
	}
	return early, check
}

// asksFor reports whether a condition is computed from a value by
// comparisons, negations and calls.
func asksFor(cond, v ssa.Value) bool {
	if cond == v {
		return true
	}
	in, ok := cond.(ssa.Instruction)
	if !ok {
		return false
	}
	switch cond.(type) {
	case *ssa.UnOp, *ssa.BinOp, *ssa.Call:
	default:
		return false
	}
	for _, op := range in.Operands(nil) {
		if *op == v {
			return true
		}
	}
	return false
}

// releasesNow reports whether a deferred call releases one of some values
// without asking whether there is anything in it.
func releasesNow(d *ssa.Defer, values []ssa.Value, release []string) bool {
	is := func(v ssa.Value) bool {
		for _, x := range values {
			if x == v {
				return true
			}
		}
		return false
	}
	if obj := ssaflow.Callee(&d.Call); obj != nil && slices.Contains(release, obj.Name()) {
		args := ssaflow.Args(&d.Call)
		return len(args) > 0 && is(args[0])
	}
	// A literal that begins with the release.
	mc, ok := d.Call.Value.(*ssa.MakeClosure)
	if !ok {
		return false
	}
	fn := mc.Fn.(*ssa.Function)
	for i, b := range mc.Bindings {
		if !is(b) || i >= len(fn.FreeVars) {
			continue
		}
		for _, instr := range fn.Blocks[0].Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			obj := ssaflow.Callee(&call.Call)
			args := ssaflow.Args(&call.Call)
			if obj == nil || !slices.Contains(release, obj.Name()) || len(args) == 0 {
				continue
			}
			if load, ok := args[0].(*ssa.UnOp); ok && load.X == fn.FreeVars[i] || args[0] == fn.FreeVars[i] {
				return true
			}
		}
	}
	return false
}

// An IdleCleanup is a deferred call of a function that opens something and
// returns the func that releases it. The func is dropped, and what should
// have been opened now is opened when the function ends.
type IdleCleanup struct {
	Pos, End token.Pos // the deferred call
	What     string    // what it opens: "redis.NewClient"
	Alone    bool      // the func is its only result
}

// IdleCleanups returns the deferred calls of functions that open something
// and return the func that releases it, in source order.
func (r *Result) IdleCleanups() []IdleCleanup {
	return ask(r, func(e *engine) (list []IdleCleanup) {
		for _, fn := range e.funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					if d, ok := instr.(*ssa.Defer); ok {
						list = append(list, e.idleCleanup(d)...)
					}
				}
			}
		}
		return list
	})
}

// idleCleanup judges one deferred call.
func (e *engine) idleCleanup(d *ssa.Defer) []IdleCleanup {
	for _, o := range e.openings.handedAt(&d.Call) {
		if !o.At.Func && o.Cleanup < 0 {
			continue
		}
		if stmt := e.prog.Source().Defer(d.Pos()); stmt != nil {
			call := stmt.Call
			return []IdleCleanup{{call.Pos(), call.End(), o.What, d.Call.Signature().Results().Len() == 1}}
		}
	}
	return nil
}
