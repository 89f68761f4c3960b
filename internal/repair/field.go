package repair

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// This file releases what a type keeps in a field and has no method to release,
// by the function that knows when nothing needs it any more.

// unowned finds such a function. The type gets no method, which would be a
// promise to its users.
func (f *fixer) unowned() Reason {
	for _, way := range []func() Reason{f.whileItRuns, f.byCaller} {
		f.fix, f.twice = analysis.SuggestedFix{}, false
		if r := way(); r == "" {
			return ""
		}
	}
	return NoCloser
}

// whileItRuns finds the deferred release in the function that sets the field, if
// the field is only used while that function runs. It releases it on the paths
// that leave it open, too.
func (f *fixer) whileItRuns() Reason {
	n, open := f.open.Neglect, f.site.Open()
	if n == nil || f.inLoop() || f.site.Func().Parent() != nil || open.At.Shape != "" || open.At.Param || open.At.Func || open.Cleanup >= 0 || !f.certain(f.site) {
		return NoCloser
	}
	if r := f.locate(); r != "" {
		return r
	}
	sel, ok := f.prog.Source().Bound(f.call, open.At.Index).(*ast.SelectorExpr)
	if !ok {
		return NoCloser
	}
	field, _ := f.info.Uses[sel.Sel].(*types.Var)
	owner, _ := f.prog.Source().Variable(sel.X).(*types.Var)
	if field == nil || owner == nil || field.Name() != n.Field || owner.Parent() == f.pass.Pkg.Scope() || len(f.prog.Source().Sets(owner)) > 1 || f.addressed(owner) {
		return NoCloser
	}
	if !f.usedMeanwhile(field) {
		return NoCloser
	}
	after := f.stmt
	if open.Err >= 0 {
		if after = f.errorCheck(); after == nil {
			return Unchecked
		}
	}
	f.holder, f.target, f.field = owner, owner, field.Name()
	if r := f.releasedBy(field.Type(), open); r != "" {
		return r
	}
	return f.deferBelow(after)
}

// deferBelow inserts the deferred release below a statement.
func (f *fixer) deferBelow(after ast.Stmt) Reason {
	pos := f.lineEnd(after)
	if !pos.IsValid() {
		return Layout
	}
	line := f.deferStatement(pos)
	f.fix.Message = "insert " + line
	f.fix.TextEdits = []analysis.TextEdit{check.Below(f.pass, after, pos, line)}
	return ""
}

// throughout finds that one for a resource that some path leaves open as well. It
// has no reason of its own.
func throughout(f *fixer) Reason {
	if f.whileItRuns() != "" {
		return Layout
	}
	return ""
}

// usedMeanwhile reports whether the function that sets a field is the only one
// that does, and the field is used nowhere but by what it calls after that.
func (f *fixer) usedMeanwhile(field *types.Var) bool {
	root := f.site.Func()
	within := map[*ssa.Function]bool{root: true}
	for _, fn := range f.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				v := readOf(instr, field)
				if v == nil {
					continue
				}
				if fn == root && !follows(f.site.Instr(), instr) || !f.runsWithin(fn, within) {
					return false
				}
				for _, ref := range *v.Referrers() {
					switch ref := ref.(type) {
					case *ssa.Store:
						if ref.Addr != v || fn != root || !slices.Contains(f.site.Values(), ssaflow.Bare(ref.Val)) {
							return false
						}
					case *ssa.UnOp:
						o := f.later(f.site)
						if o.spawnsIn(fn, ssaflow.ReachBy(f.carriesOn, ref)) {
							return false
						}
					case *ssa.DebugRef:
					default:
						return false
					}
				}
			}
		}
	}
	return true
}

// readOf is the address of a field that an instruction takes, or the value that
// it reads there, or nil.
func readOf(instr any, field *types.Var) ssa.Value {
	switch instr := instr.(type) {
	case *ssa.FieldAddr:
		if ssaflow.DeclaredField(instr.X.Type(), instr.Field) == field.Origin() {
			return instr
		}
	case *ssa.Field:
		if ssaflow.DeclaredField(instr.X.Type(), instr.Field) == field.Origin() {
			return instr
		}
	}
	return nil
}

// follows reports whether an instruction runs only after another of the same
// function has.
func follows(first, instr ssa.Instruction) bool {
	a, b := first.Block(), instr.Block()
	if a != b {
		return a.Dominates(b)
	}
	return slices.Index(a.Instrs, first) < slices.Index(a.Instrs, instr)
}

// runsWithin reports whether a function is only called, and waited for, by those
// that are known to run while the resource is open.
func (f *fixer) runsWithin(fn *ssa.Function, within map[*ssa.Function]bool) bool {
	if within[fn] {
		return true
	}
	calls, ok := f.prog.Callers(fn)
	if !ok || len(calls) == 0 {
		return false
	}
	within[fn] = true
	root := f.site.Func()
	for _, c := range calls {
		if c.Parent() == root && !follows(f.site.Instr(), c) || !f.runsWithin(c.Parent(), within) {
			within[fn] = false
			return false
		}
	}
	// What runs within may not begin anew: the field would be another's.
	for _, c := range f.prog.Calls(root) {
		if within[c.Parent()] {
			return false
		}
	}
	return true
}

// byCaller finds the deferred release in the only function that calls the one
// which makes the owner, if it keeps the owner to itself, or is main.
func (f *fixer) byCaller() Reason {
	n := f.open.Neglect
	maker := f.site.Func()
	calls, ok := f.prog.Callers(maker)
	if !ok || len(calls) != 1 || maker.Parent() != nil {
		return NoCloser
	}
	index, field := ownerResult(maker, n)
	if field == nil || !f.always(maker, index, field) {
		return NoCloser
	}
	call := calls[0]
	g, why := f.at(call)
	if why != "" {
		return why
	}
	if b := call.Block(); ssaflow.Loops(call.Parent())[b.Index] || ssaflow.IsLoopBody(call.Parent()) {
		return Loop
	}
	if r := g.locate(); r != "" {
		return r
	}
	owner := g.local(f.prog.Source().Bound(g.call, index))
	if owner == nil {
		return Set
	}
	after := g.stmt
	if results := maker.Signature.Results(); results.Len() > 1 {
		if !isError(results.At(results.Len() - 1).Type()) {
			return NoCloser
		}
		if after = g.errorCheckOf(results.Len() - 1); after == nil {
			return Unchecked
		}
	} else if !f.neverNil(maker, index, 0) {
		return Nil
	}
	switch {
	case isMain(call.Parent()):
		if !f.returnsFrom(call.Block()) {
			return NoCloser
		}
	case !f.keepsToItself(call, index, field):
		return NoCloser
	}
	g.holder, g.target, g.field = owner, owner, field.Name()
	open := f.site.Open()
	open.Cleanup, open.At = -1, facts.Place{}
	if r := g.releasedBy(field.Type(), open); r != "" {
		return r
	}
	pos := g.lineEnd(after)
	if !pos.IsValid() {
		return Layout
	}
	line := "defer " + g.release()
	if g.method.Signature().Results().Len() == 1 && g.blank() {
		line = "defer func() { _ = " + g.release() + " }()"
	}
	f.fix.Message = "insert " + line
	f.fix.TextEdits = []analysis.TextEdit{check.Below(f.pass, after, pos, line)}
	return ""
}

// ownerResult returns the result of a function that is the owner, and its field.
func ownerResult(maker *ssa.Function, n *lifetime.Neglect) (index int, field *types.Var) {
	results := maker.Signature.Results()
	for i := range results.Len() {
		named := ssaflow.Named(results.At(i).Type())
		if named == nil || named.Obj().Name() != n.Owner || named.Obj().Pkg() != maker.Object().Pkg() {
			continue
		}
		st, ok := named.Underlying().(*types.Struct)
		if !ok || field != nil {
			return 0, nil
		}
		for v := range st.Fields() {
			if v.Name() == n.Field {
				index, field = i, v
			}
		}
	}
	return index, field
}

// isMain reports whether a function is the one that a program begins with.
func isMain(fn *ssa.Function) bool {
	return fn.Name() == "main" && fn.Parent() == nil && fn.Signature.Recv() == nil && fn.Object() != nil && fn.Object().Pkg().Name() == "main"
}

// at prepares to look for the repair in the function of a call.
func (f *fixer) at(call *ssa.Call) (*fixer, Reason) {
	g := &fixer{Result: f.Result, site: f.site, open: f.open, info: f.info, fn: call.Parent().Syntax(), call: f.prog.Source().At(call)}
	if g.call == nil || g.fn == nil {
		return nil, Layout
	}
	for _, file := range f.pass.Files {
		if file.FileStart <= g.call.Pos() && g.call.Pos() < file.FileEnd {
			g.file = file
		}
	}
	if g.file == nil || check.Generated(f.pass, g.call.Pos()) || strings.HasSuffix(f.pass.Fset.PositionFor(g.call.Pos(), false).Filename, "_test.go") {
		return nil, Layout
	}
	return g, ""
}

// keepsToItself reports whether the function of a call keeps an owner that the
// call returns, so that nothing has it when the function has returned: neither
// the caller, nor a variable elsewhere, nor a goroutine.
func (f *fixer) keepsToItself(call *ssa.Call, index int, field *types.Var) bool {
	for _, fn := range f.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if v := readOf(instr, field); v != nil {
					for _, ref := range *v.Referrers() {
						if load, ok := ref.(*ssa.UnOp); ok && f.later(f.site).spawnsIn(fn, ssaflow.ReachBy(f.carriesOn, load)) {
							return false
						}
					}
				}
			}
		}
	}
	var from ssa.Value = call
	if _, several := call.Type().(*types.Tuple); several {
		for _, ref := range *call.Referrers() {
			if x, ok := ref.(*ssa.Extract); ok && x.Index == index {
				from = x
			}
		}
	}
	return f.onlyUsed(from, map[ssa.Value]bool{})
}

// onlyUsed reports whether an owner is only asked for its fields, and given to
// functions of the package that do the same.
func (f *fixer) onlyUsed(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return true
	}
	seen[v] = true
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr, *ssa.Field, *ssa.DebugRef, *ssa.BinOp:
		case *ssa.UnOp:
			// What is read from a variable is the owner again.
			if !f.onlyUsed(ref, seen) {
				return false
			}
		case *ssa.Phi:
			if !f.onlyUsed(ref, seen) {
				return false
			}
		case *ssa.Store:
			if a, ok := ref.Addr.(*ssa.Alloc); !ok || ref.Addr == v || !f.onlyUsed(a, seen) {
				if ref.Addr == v && seen[ref.Val] {
					continue // into the variable that is looked at
				}
				return false
			}
		case *ssa.Call:
			callee := ref.Call.StaticCallee()
			if callee == nil || len(callee.Blocks) == 0 || callee.Signature.Variadic() {
				return false
			}
			for i, a := range ref.Call.Args {
				if a == v && (i >= len(callee.Params) || !f.onlyUsed(callee.Params[i], seen)) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

// always reports whether a function has set a field to what it opens whenever it
// returns an owner.
func (f *fixer) always(maker *ssa.Function, index int, field *types.Var) bool {
	for _, b := range maker.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || b == maker.Recover || index >= len(ret.Results) {
			continue
		}
		if c, ok := ret.Results[index].(*ssa.Const); ok && c.IsNil() && len(ret.Results) > 1 {
			continue // beside an error
		}
		if !follows(f.site.Instr(), ret) {
			return false
		}
	}
	return f.alwaysOpened(field)
}

// returnsFrom reports whether a function gets to its end from a block, and is not
// ended by a call such as log.Fatal in any case.
func (r *Result) returnsFrom(from *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] || slices.ContainsFunc(b.Instrs, r.ends) {
			continue
		}
		seen[b] = true
		if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			return true
		}
		work = append(work, b.Succs...)
	}
	return false
}

// endsAt reports whether a call in the source of a function never returns.
func (r *Result) endsAt(fn ast.Node, call *ast.CallExpr) bool {
	for _, f := range r.prog.Funcs {
		if f.Syntax() != fn {
			continue
		}
		for _, b := range f.Blocks {
			for _, instr := range b.Instrs {
				if instr.Pos() == call.Lparen && r.ends(instr) {
					return true
				}
			}
		}
	}
	return false
}

// ends reports whether an instruction is a call that never returns.
func (r *Result) ends(instr ssa.Instruction) bool {
	call, ok := instr.(*ssa.Call)
	return ok && r.lives.Ends(call)
}
