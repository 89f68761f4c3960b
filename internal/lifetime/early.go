package lifetime

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers whether a function releases too early: by a deferred call,
// what it gives away to be used after it has returned.

// A Leaving is a way in which a resource outlives the function that releases it.
type Leaving uint8

// The ways.
const (
	Returned Leaving = iota // a result is it, a handle on it, or a func that uses it
	Stored                  // it stays in a variable or a field that others read
	Started                 // a goroutine uses it
)

// An EarlyRelease is a deferred release of what leaves the function.
type EarlyRelease struct {
	Defer *ast.DeferStmt
	How   Leaving
	At    token.Pos // where it leaves: the return, the defer statement if it is stored, the go statement
	Start *ssa.Go   // of a goroutine: whether anything waits for it is not known here
}

// An earlyRelease is one way of returning that shows it.
type earlyRelease struct {
	by  *ssa.Defer
	how Leaving
	at  ssa.Instruction
}

// handle returns what a call makes of the resource that uses it and cannot
// release it: a pipeline, a lock, a channel of a subscription; nil if nothing.
func (s *search) handle(st *state, instr ssa.CallInstruction, row *redisapi.Func, method *types.Func, args []*heap.Term) *heap.Term {
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
			parts[result] = s.pool.Handle(s.pool.Val(x))
		}
	}
	for _, d := range row.Derives {
		on(d.Result, d.Param)
	}
	if c := s.e.know.table.Conduct(method); c != nil && c.Messages {
		on(0, 0)
	}
	if len(parts) == 0 {
		return nil
	}
	return s.results(v, parts)
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
func (s *search) noteEarly(o outcome) {
	st := o.st
	if st.release == nil || st.release.by == nil || st.release.perhaps || s.coarse || st.doubtful || isMain(s.root) {
		return
	}
	by := st.release.by
	if st.started != nil {
		s.early = append(s.early, earlyRelease{by, Started, st.started})
	}
	if n := len(o.results); n == 0 || !ssaflow.IsError(s.root.Signature.Results().At(n-1).Type()) || s.knownOf(st, o.results[n-1]) != "notnil" {
		for _, r := range o.results {
			if p := s.pool.Pointee(r); p != nil && !p.X.Local() && p.X.Op != heap.Handle {
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
			if s.usable(st, v) && s.e.keepsQuiet(s.root, s.site) && s.e.readElsewhere(s.root, obj.Origin().Value, path) {
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
func (s *search) usable(st *state, v *heap.Term) bool {
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
func (s *search) usesWhenCalled(st *state, fn *heap.Term) bool {
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
	later := st.clone()
	t.expose(later, fn)
	later.KeepFacts(func(*heap.Term) bool { return false })
	later.status, later.release = released, &releaseEvent{}
	t.funcs().callFunc(later, nil, fn, deferredCall)
	return len(t.late) > 0
}

// startsUse reports whether a goroutine uses the resource.
func (s *search) startsUse(st *state, instr *ssa.Go, fn *heap.Term, args []*heap.Term) bool {
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
		if _, direct := st.Users(a); direct && s.e.issuesOn(callee, i, 0) {
			return true
		}
	}
	return false
}

// maxIssues bounds the calls between a function and the command that it issues
// on a parameter.
const maxIssues = 4

// issuesOn reports whether a function of this package issues a command on a
// parameter whatever else it is given: on the way there it asks for nothing but
// errors, and whether there is more to do.
func (e *engine) issuesOn(fn *ssa.Function, param, depth int) bool {
	if !e.know.hasBody(fn) || param >= len(fn.Params) || depth > maxIssues {
		return false
	}
	var surely []bool
	for v := range ssaflow.ReachFrom(fn.Params[param]) {
		if v.Referrers() == nil {
			continue
		}
		for _, ref := range *v.Referrers() {
			call, ok := ref.(ssa.CallInstruction)
			if _, async := ref.(*ssa.Go); !ok || async || ref.Parent() != fn {
				continue
			}
			if surely == nil {
				surely = unasked(fn)
			}
			if !surely[ref.Block().Index] {
				continue
			}
			obj := ssaflow.Callee(call.Common())
			for i, a := range ssaflow.Args(call.Common()) {
				if a != v {
					continue
				}
				if i == 0 && obj != nil && ssaflow.IsMethod(obj) && e.know.table.CommandOn(selectedFrom(a).Type(), obj) || e.issuesOn(ssaflow.Static(call.Common()), i, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

// unasked says which blocks of a function are reached although every condition
// on the way but of errors and loops may have been either.
func unasked(fn *ssa.Function) []bool {
	r := make([]bool, len(fn.Blocks))
	loops := ssaflow.Loops(fn)
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if r[b.Index] {
			continue
		}
		r[b.Index] = true
		if i, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok && !loops[b.Index] {
			c, ok := i.Cond.(*ssa.BinOp)
			if !ok || !ssaflow.IsError(c.X.Type()) && !ssaflow.IsError(c.Y.Type()) {
				continue
			}
		}
		work = append(work, b.Succs...)
	}
	return r
}

// earlyPast looks for releases of what was put into a package-level variable,
// where a search ends because it has an owner there.
func (e *engine) earlyPast(s *site, root *ssa.Function, reasons map[Reason]bool) []earlyRelease {
	if !reasons[MovedGlobal] || !defersAny(root) {
		return nil
	}
	x, outs := e.followPast(s, root)
	if x.gaveUp {
		return nil
	}
	for _, o := range outs {
		if o.st.status == released {
			x.noteEarly(o)
		}
	}
	return x.early
}

// followPast runs a search that does not end where the resource moves: what the
// function does to it itself, whoever else has it by then.
func (e *engine) followPast(s *site, root *ssa.Function) (*search, []outcome) {
	x := e.newSearch(s, root, false)
	x.past = true
	return x, x.run(root, newState(e.pool))
}

// defersAny reports whether a function, or the body of a range over a function
// in it, defers anything.
func defersAny(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if _, ok := instr.(*ssa.Defer); ok {
				return true
			}
		}
	}
	for _, anon := range fn.AnonFuncs {
		if ssaflow.IsLoopBody(anon) && defersAny(anon) {
			return true
		}
	}
	return false
}

// keepsQuiet reports whether a function does nothing with what it opens but to
// use it by itself: it calls functions of libraries alone, and a few that look
// at errors or print.
func (e *engine) keepsQuiet(fn *ssa.Function, s *site) bool {
	return e.quietly.of(reachKey{fn, s.instr}, func() bool { return e.keepsQuietNew(fn, s) })
}

func (e *engine) keepsQuietNew(fn *ssa.Function, s *site) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || instr == s.instr {
				continue
			}
			if _, ok := instr.(*ssa.Go); ok {
				return false
			}
			c := call.Common()
			if _, ok := c.Value.(*ssa.Builtin); ok {
				continue
			}
			if f := ssaflow.Static(c); f != nil && f.Parent() != nil && ssaflow.Encloses(fn, f) {
				if !e.keepsQuiet(f, s) {
					return false
				}
				continue
			}
			if fn == s.fn && !ssaflow.After(instr, s.instr) {
				continue // before anything is opened
			}
			if obj := ssaflow.Callee(c); obj == nil || !e.quiet(obj) {
				return false
			}
		}
	}
	return true
}

// quiet reports whether a function is one of a library that knows nothing of
// the program, or of the standard library's that do not wait.
func (e *engine) quiet(obj *types.Func) bool {
	if obj.Pkg() == nil {
		return true // the Error method of error
	}
	if row := e.know.table.Func(obj); row != nil && (row.NoReturn || row.Pause || len(row.Calls) > 0) {
		return row.NoReturn
	}
	switch path := obj.Pkg().Path(); path {
	case "errors", "fmt", "log", "log/slog", "os", "strings", "strconv", "time", "context":
		return true
	default:
		return e.know.table.Covers(path) && obj.Pkg() != e.pass.Pkg
	}
}

// issuesNone reports whether a function issues no command: it opens for others.
func (e *engine) issuesNone(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if obj := ssaflow.Callee(call.Common()); obj != nil {
				if row := e.know.table.Func(obj); row != nil && len(row.Commands) > 0 || e.know.table.Command(obj) {
					return false
				}
			}
		}
	}
	return true
}

// readElsewhere reports whether another function reads the place that a resource
// was stored in, and never writes to it: it expects to find it there.
func (e *engine) readElsewhere(fn *ssa.Function, at ssa.Value, path heap.Path) bool {
	if free, ok := at.(*ssa.FreeVar); ok && path == "" {
		return readAround(fn, ssaflow.Binding(free))
	}
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	var field *types.Var
	g, global := at.(*ssa.Global)
	if !global || path != "" {
		n, rest, ok := path.First()
		if !ok || n < 0 || rest != "" {
			return false
		}
		if field = ssaflow.Field(at.Type(), n); field == nil {
			return false
		}
		g = nil
	}
	if g != nil && (g.Object() != nil && g.Object().Exported() || e.issuesNone(fn)) {
		return true
	}
	for _, f := range e.funcs {
		if ssaflow.Encloses(fn, f) || e.prog.InTest(f.Pos()) {
			continue
		}
		if reads, writes := touches(f, g, field); reads && !writes {
			return true
		}
	}
	return false
}

// readAround reports whether a variable that a literal captures is read outside of
// the literal.
func readAround(fn *ssa.Function, variable ssa.Value) bool {
	if variable == nil || variable.Referrers() == nil {
		return false
	}
	for _, ref := range *variable.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			return true
		case *ssa.MakeClosure:
			if ref.Fn != ssa.Value(fn) {
				return true
			}
		}
	}
	return false
}

// touches reports whether a function reads a package-level variable, or a field,
// and whether it writes to it.
func touches(fn *ssa.Function, g *ssa.Global, field *types.Var) (reads, writes bool) {
	is := func(addr ssa.Value) bool {
		if g != nil {
			return addr == ssa.Value(g)
		}
		a, ok := addr.(*ssa.FieldAddr)
		return ok && ssaflow.Field(a.X.Type(), a.Field) == field
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				reads = reads || instr.Op == token.MUL && is(instr.X)
			case *ssa.Store:
				writes = writes || is(instr.Addr)
			}
		}
	}
	return reads, writes
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
