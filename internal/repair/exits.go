package repair

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"
)

// This file releases at the returns that leave the resource open what another
// return hands on: a constructor opens, asks, fails, and forgets.

// few is the number of returns up to which each gets a release of its own. For
// more of them one deferred release asks whether the function has failed.
const few = 2

// An exit is a return that leaves the resource open.
type exit struct {
	lifetime.Exit
	stmt ast.Stmt // the return statement, or nil at the end of the function
}

// exits finds the releases before the returns that leave the resource open.
func (f *fixer) exits() Reason {
	r := f.exitsBy(f.handle)
	if r == Mixed || r == OutOfScope {
		// Its own variable is not seen there; perhaps one is that it is put into.
		f.fix = analysis.SuggestedFix{}
		if f.exitsBy(f.assigned) == "" {
			return ""
		}
	}
	return r
}

// exitsBy does so by a way to reach the resource there.
func (f *fixer) exitsBy(handle func() Reason) Reason {
	root, all, moves, ok := f.lives.Exits(f.open)
	if !ok {
		return TooMany
	}
	if root != f.site.Func() {
		return Elsewhere
	}
	if slices.ContainsFunc(f.open.Leaks, func(l lifetime.Leak) bool { return l.Again }) {
		return Loop
	}
	if r := handle(); r != "" {
		return r
	}
	if f.inLoop() && !f.ofIteration(moves) {
		return Loop // what an earlier iteration opened has no name any more
	}
	if f.parallel() {
		return Subtests
	}
	var list []exit
	for _, e := range all {
		if !e.Open && !e.WithError {
			continue
		}
		x := exit{Exit: e, stmt: f.returnAt(e.Pos)}
		x.Given = e.Given || e.Taken
		if r := f.reaches(x, moves); r != "" {
			return r
		}
		list = append(list, x)
	}
	if len(list) == 0 {
		return Layout
	}
	if len(list) >= few && len(moves) == 0 {
		f.guarded = f.unsure
		if f.onError(list, all) {
			return ""
		}
		if len(list) > few && f.unlessDone(list, all) {
			return ""
		}
	}
	if f.unsure && len(list) > few {
		return Nil // asked again and again
	}
	var lines []string
	for _, x := range list {
		f.guarded = f.unsure && !f.used(f.site, x.At, f.errorCheck())
		if r := f.releaseBefore(x); r != "" {
			return r
		}
		at := fmt.Sprint(f.line(x.Pos))
		if f.onlyIf != "" {
			at += " if " + f.onlyIf
			f.onlyIf = ""
		} else if f.guarded {
			at += " if " + f.target.Name() + " is not nil"
		}
		lines = append(lines, at)
	}
	f.fix.Message = "insert " + f.release() + " before " + theReturns(lines)
	return ""
}

// theReturns names returns by their lines.
func theReturns(lines []string) string {
	last := len(lines) - 1
	if last == 0 {
		return "the return at line " + lines[0]
	}
	return "the returns at lines " + strings.Join(lines[:last], ", ") + " and " + lines[last]
}

// reaches says if it is not certain that the handle has the resource at an
// exit, and that nothing else will use it.
func (f *fixer) reaches(x exit, moves []ssa.Instruction) Reason {
	if x.Closed {
		return Mixed
	}
	for _, m := range moves {
		if m.Block() == x.At.Block() && x.Taken && x.Succeeded && !ssaflow.Loops(m.Parent())[m.Block().Index] {
			continue // right before, and not where the function fails
		}
		if call, ok := m.(*ssa.Call); ok && x.WithError && f.returnsOnly(f.site, call) {
			continue // what has it is returned beside the error
		}
		if m.Parent() != x.At.Parent() || reachableUnless(m.Block(), x.At.Block(), f.site.Instr().Block()) {
			return Shared
		}
	}
	if !passes(f.openings(), x.At.Block()) {
		return Mixed
	}
	scope := f.pass.Pkg.Scope().Innermost(x.Pos)
	if scope == nil {
		return OutOfScope
	}
	if _, seen := scope.LookupParent(f.target.Name(), x.Pos); seen != f.target {
		return OutOfScope
	}
	if r := f.mayUseAfter(f.site, x.At, x.Given, x.Failed); r != "" && !(x.WithError && !x.Open) {
		return r
	}
	return ""
}

// openings are the instructions of which one has run before the variable can be
// released: it holds what one of them has opened.
func (f *fixer) openings() []ssa.Instruction {
	if len(f.others) > 0 {
		return f.others
	}
	return []ssa.Instruction{f.site.Instr()}
}

// passes reports whether every path from the entry of a function to a block
// passes one of several instructions.
func passes(list []ssa.Instruction, to *ssa.BasicBlock) bool {
	stop := map[*ssa.BasicBlock]bool{}
	for _, instr := range list {
		stop[instr.Block()] = true
	}
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{to.Parent().Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] || stop[b] {
			continue
		}
		seen[b] = true
		if b == to {
			return false
		}
		work = append(work, b.Succs...)
	}
	return true
}

// ofIteration reports whether each iteration has handed on what it opened before
// the next begins, so that the variable holds all that is open at a return.
func (f *fixer) ofIteration(moves []ssa.Instruction) bool {
	if f.site.Instr().Parent() != f.site.Func() || ssaflow.IsLoopBody(f.site.Func()) || len(f.others) > 0 || f.stmt == nil {
		return false
	}
	body := f.loopBody()
	if body == nil || f.holder.Pos() < body.Lbrace {
		return false
	}
	start := f.site.Instr().Block()
	stop := map[*ssa.BasicBlock]bool{}
	for _, m := range moves {
		if m.Block() == start && !follows(f.site.Instr(), m) {
			return false
		}
		stop[m.Block()] = true
	}
	failed := f.errorCheck()
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{start}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] || stop[b] || failed != nil && inside(b, failed.(*ast.IfStmt).Body) {
			continue
		}
		seen[b] = true
		if slices.Contains(b.Succs, start) {
			return false
		}
		work = append(work, b.Succs...)
	}
	return true
}

// inside reports whether a basic block is of a block of the source.
func inside(b *ssa.BasicBlock, body *ast.BlockStmt) bool {
	return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool { return within(instr, body) })
}

// reachable reports whether a path leads from one block to another.
func reachable(from, to *ssa.BasicBlock) bool { return reachableUnless(from, to, nil) }

// reachableUnless reports whether one does that does not pass a third.
func reachableUnless(from, to, stop *ssa.BasicBlock) bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{from}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == to {
			return true
		}
		if !seen[b] && (b == from || b != stop) {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return false
}

// handle finds how the resource is reached in the rest of the function: by a
// variable, or by a field of one.
func (f *fixer) handle() Reason {
	f.others = nil
	if f.site.Open().At.Param {
		return filledAndAsks(f)
	}
	if r := f.heldOrNil(); r == "" {
		return f.checked()
	} else if r == Nil || r == NoMethod || r == Arguments {
		return r
	}
	if r := f.owned(); r == "" || r != Nameless {
		return r
	}
	return f.assigned()
}

// checked says if the opening can fail and nothing leaves the block then.
func (f *fixer) checked() Reason {
	if f.site.Open().Err >= 0 && f.errorCheck() == nil {
		return Unchecked
	}
	return ""
}

// owned finds the field of a local owner that holds the resource: it is set
// once, where the resource is opened, and so is the owner.
func (f *fixer) owned() Reason {
	open := f.site.Open()
	if open.At.Param || open.At.Func || open.At.Index != 0 || open.Err > 0 {
		return Nameless
	}
	var owner *types.Var
	var field *types.Var
	path, _ := astutil.PathEnclosingInterval(f.file, f.call.Pos(), f.call.End())
	for i, n := range path {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			key, ok := n.Key.(*ast.Ident)
			if !ok || astUnder(n.Value) != f.call || field != nil {
				return Nameless
			}
			if field, _ = f.info.Uses[key].(*types.Var); field == nil || !field.IsField() {
				return Nameless
			}
		case *ast.AssignStmt:
			if i+1 == len(path) || len(n.Lhs) != 1 || len(n.Rhs) != 1 {
				return Nameless
			}
			list := statements(path[i+1])
			at := slices.Index(list, ast.Stmt(n))
			if at < 0 {
				return Nameless
			}
			f.stmt, f.rest = n, list[at+1:]
			if sel, ok := n.Lhs[0].(*ast.SelectorExpr); ok && field == nil && astUnder(n.Rhs[0]) == f.call {
				id, ok := sel.X.(*ast.Ident)
				if !ok {
					return Nameless
				}
				owner, _ = f.info.Uses[id].(*types.Var)
				field, _ = f.info.Uses[sel.Sel].(*types.Var)
			} else if id, ok := n.Lhs[0].(*ast.Ident); ok && field != nil && n.Tok == token.DEFINE && literalOf(n.Rhs[0]) != nil && literalHas(literalOf(n.Rhs[0]), f.call) {
				owner, _ = f.info.Defs[id].(*types.Var)
			}
			if owner == nil || field == nil || !f.own(owner) || !f.setOnce(owner, field) {
				return Nameless
			}
			f.holder, f.target, f.field = owner, owner, field.Name()
			return f.releasedBy(field.Type(), open)
		case *ast.FuncLit, *ast.FuncDecl:
			return Nameless
		}
	}
	return Nameless
}

// astUnder looks through parentheses and the & of a literal.
func astUnder(e ast.Expr) ast.Expr {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		if lit, ok := ast.Unparen(u.X).(*ast.CompositeLit); ok {
			return lit
		}
	}
	return e
}

// literalOf returns the composite literal that an expression is.
func literalOf(e ast.Expr) *ast.CompositeLit {
	lit, _ := astUnder(e).(*ast.CompositeLit)
	return lit
}

// literalHas reports whether a value of a literal is a call.
func literalHas(lit *ast.CompositeLit, call ast.Node) bool {
	return slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool {
		kv, ok := e.(*ast.KeyValueExpr)
		return ok && astUnder(kv.Value) == call
	})
}

// own reports whether an owner is a variable of the function, set once.
func (f *fixer) own(v *types.Var) bool {
	if v.Pos() < f.body().Pos() || f.body().End() <= v.Pos() {
		return false
	}
	return len(f.prog.Source().Sets(v)) <= 1
}

// setOnce reports whether the body sets a field of an owner in no more than
// one place, and takes its address in none.
func (f *fixer) setOnce(owner, field *types.Var) bool {
	sets := 0
	is := func(e ast.Expr) bool {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		return ok && f.info.Uses[sel.Sel] == field && f.is(sel.X, owner)
	}
	ast.Inspect(f.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, lhs := range n.Lhs {
				if is(lhs) {
					sets++
				}
			}
		case *ast.CompositeLit:
			if literalHas(n, f.call) {
				sets++
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND && is(n.X) {
				sets += 2
			}
		}
		return true
	})
	return sets == 1
}

// assigned finds a variable that is set in several places, to a resource in
// each of them.
func (f *fixer) assigned() Reason {
	open := f.site.Open()
	if open.At.Param || open.At.Func || open.Cleanup >= 0 || open.Err >= 0 || !f.certain(f.site) {
		return Set
	}
	v := f.putInto(f.call, open.At.Index)
	if v == nil || v.Pos() < f.body().Pos() || f.body().End() <= v.Pos() || f.addressed(v) {
		return Set
	}
	var others []ssa.Instruction
	for _, s := range f.lives.Sites(f.site.Func()) {
		n := f.prog.Source().At(s.Instr())
		if n == nil {
			continue
		}
		o := s.Open()
		if f.putInto(n, o.At.Index) != v {
			continue
		}
		if o.At.Param || o.At.Func || o.Cleanup >= 0 || o.Err >= 0 || o.Lent || !f.certain(s) || !slices.Equal(o.Release, open.Release) {
			return Set
		}
		others = append(others, s.Instr())
	}
	if len(others) < 2 || len(others) != len(f.prog.Source().Sets(v)) {
		return Set
	}
	// None may follow another, which would be lost then.
	for _, a := range others {
		for _, b := range others {
			if a != b && reachable(a.Block(), b.Block()) {
				return Set
			}
		}
	}
	f.others, f.holder, f.target, f.field = others, v, v, ""
	return f.releasedBy(v.Type(), open)
}

// putInto returns the variable that a result of a call is bound to, or put into
// by the next statement.
func (f *fixer) putInto(call ast.Node, result int) *types.Var {
	v, ok := f.prog.Source().Variable(f.prog.Source().Bound(call, result)).(*types.Var)
	if !ok {
		return nil
	}
	path, _ := astutil.PathEnclosingInterval(f.file, call.Pos(), call.End())
	for i, n := range path {
		s, ok := n.(*ast.AssignStmt)
		if !ok || i+1 == len(path) {
			continue
		}
		list := statements(path[i+1])
		at := slices.Index(list, ast.Stmt(s))
		if at < 0 || at+1 == len(list) {
			return v
		}
		next, ok := list[at+1].(*ast.AssignStmt)
		if ok && next.Tok == token.ASSIGN && len(next.Lhs) == 1 && len(next.Rhs) == 1 && f.is(next.Rhs[0], v) && len(f.prog.Source().Sets(v)) == 1 {
			if into, ok := f.prog.Source().Variable(next.Lhs[0]).(*types.Var); ok {
				return into
			}
		}
		return v
	}
	return v
}

// returnAt returns the return statement at a position of the function that
// opens the resource, or nil at its end.
func (f *fixer) returnAt(pos token.Pos) ast.Stmt {
	var found ast.Stmt
	ast.Inspect(f.body(), func(n ast.Node) bool {
		if ret, ok := n.(*ast.ReturnStmt); ok && ret.Pos() == pos {
			found = ret
		}
		return found == nil
	})
	return found
}

// releaseBefore adds the edit that releases the resource before an exit.
func (f *fixer) releaseBefore(x exit) Reason {
	ret, ok := x.stmt.(*ast.ReturnStmt)
	if !ok {
		return f.releaseAtEnd(x)
	}
	if !f.beginsLine(ret) {
		return Layout
	}
	if f.returnUses(ret) {
		if x.Given || x.WithError || x.Failed {
			return f.releaseIfCallFails(x, ret)
		}
		return Used
	}
	if x.Given {
		return f.releaseIfFailed(x, ret)
	}
	if text := f.joined(x, ret); text != "" {
		last := ret.Results[len(ret.Results)-1]
		f.fix.TextEdits = append(f.fix.TextEdits, analysis.TextEdit{Pos: last.Pos(), End: last.End(), NewText: []byte(text)})
		return ""
	}
	f.fix.TextEdits = append(f.fix.TextEdits, check.Above(f.pass, ret, f.releaseLines(ret.Pos())...))
	return ""
}

// releaseAtEnd adds the release below the last statement of the function.
func (f *fixer) releaseAtEnd(x exit) Reason {
	list := f.body().List
	if x.Given || len(list) == 0 || f.line(f.body().Rbrace) == f.line(list[len(list)-1].End()) {
		return Layout
	}
	last := list[len(list)-1]
	pos := f.lineEnd(last)
	if !pos.IsValid() {
		return Layout
	}
	f.fix.TextEdits = append(f.fix.TextEdits, check.Below(f.pass, last, pos, f.releaseLines(pos)...))
	return ""
}

// releaseIfFailed adds a release for the case that a return of both, the
// resource and an error, returns one.
func (f *fixer) releaseIfFailed(x exit, ret *ast.ReturnStmt) Reason {
	if x.Open && !x.Failed || len(ret.Results) < 2 {
		return Mixed
	}
	err, ok := ast.Unparen(ret.Results[len(ret.Results)-1]).(*ast.Ident)
	if !ok {
		return Mixed
	}
	if v, ok := f.info.Uses[err].(*types.Var); !ok || !isError(v.Type()) {
		return Mixed
	}
	f.onlyIf = err.Name + " is not nil"
	f.fix.TextEdits = append(f.fix.TextEdits, check.Above(f.pass, ret, f.ifLines(err.Name+" != nil", ret.Pos())...))
	return ""
}

// releaseIfCallFails divides a return of what another function returns, which
// has the resource and may fail.
func (f *fixer) releaseIfCallFails(x exit, ret *ast.ReturnStmt) Reason {
	results := f.site.Func().Signature.Results()
	if x.Open && !x.Failed || len(ret.Results) != 1 || results.Len() < 2 || !isError(results.At(results.Len()-1).Type()) {
		return Used
	}
	call, ok := ast.Unparen(ret.Results[0]).(*ast.CallExpr)
	if !ok {
		return Used
	}
	tuple, ok := f.info.TypeOf(call).(*types.Tuple)
	if !ok || tuple.Len() != results.Len() {
		return Used
	}
	var names []string
	for i := range tuple.Len() - 1 {
		name := f.newName(ret, append(names, f.target.Name()), nameOf(tuple.At(i).Type())...)
		if name == "" {
			return Used
		}
		names = append(names, name)
	}
	names = append(names, "err")
	if obj := f.seen("err", ret.Pos()); obj != nil {
		if v, ok := obj.(*types.Var); !ok || !isError(v.Type()) {
			return Used
		}
	}
	f.onlyIf = "err is not nil"
	left := strings.Join(names, ", ")
	lines := append([]string{left + " := "}, f.ifLines("err != nil", ret.Pos())...)
	lines = append(lines, "return "+left)
	f.fix.TextEdits = append(f.fix.TextEdits,
		analysis.TextEdit{Pos: ret.Pos(), End: call.Pos(), NewText: []byte(lines[0])},
		check.Below(f.pass, ret, ret.End(), lines[1:]...))
	return ""
}

// onError adds one deferred release for the case that a named error, which the
// function has, is not nil when it returns.
func (f *fixer) onError(list []exit, all []lifetime.Exit) bool {
	results := f.site.Func().Signature.Results()
	if results.Len() == 0 {
		return false
	}
	err := results.At(results.Len() - 1)
	after := f.after()
	if after == nil || err.Name() == "" || err.Name() == "_" || !isError(err.Type()) || f.addressed(err) {
		return false
	}
	pos := f.lineEnd(after)
	if !pos.IsValid() || f.seen(err.Name(), pos) != err {
		return false
	}
	if slices.ContainsFunc(list, func(x exit) bool { return x.Open && !x.Failed }) ||
		slices.ContainsFunc(all, func(e lifetime.Exit) bool { return e.Closed || (e.Given || e.Taken) && !e.Succeeded }) {
		return false
	}
	f.guard(after, pos, err.Name()+" != nil", nil)
	f.fix.Message = "insert a deferred " + f.release() + " for the case that " + err.Name() + " is not nil"
	return true
}

// unlessDone adds one deferred release, and a variable that says before the
// returns which hand the resource on that it is not to run.
func (f *fixer) unlessDone(list []exit, all []lifetime.Exit) bool {
	after := f.after()
	if after == nil {
		return false
	}
	pos := f.lineEnd(after)
	if !pos.IsValid() {
		return false
	}
	name := f.newName(after, nil, "ok", "done", "success", "succeeded")
	if name == "" {
		return false
	}
	var edits []analysis.TextEdit
	given := 0
	for _, e := range all {
		if e.Closed || e.Taken || e.Given && (e.Open || e.WithError) {
			return false
		}
		if !e.Given {
			continue
		}
		ret, ok := f.returnAt(e.Pos).(*ast.ReturnStmt)
		if !ok || !f.beginsLine(ret) || !f.quiet(ret) {
			return false
		}
		given++
		edits = append(edits, check.Above(f.pass, ret, name+" = true"))
	}
	if given == 0 {
		return false
	}
	f.guard(after, pos, "!"+name, []string{name + " := false"})
	f.fix.TextEdits = append(f.fix.TextEdits, edits...)
	f.fix.Message = "insert a deferred " + f.release() + " that runs unless " + name + " is set before the return that hands it on"
	return true
}

// after is the statement after which the resource is open, whatever happens. It
// is nil if the resource is opened in a loop, where a deferred call is too late.
func (f *fixer) after() ast.Stmt {
	if f.stmt == nil || len(f.others) > 0 || f.inLoop() {
		return nil
	}
	if f.site.Open().Err >= 0 {
		return f.errorCheck()
	}
	return f.stmt
}

// guard adds a deferred release on a condition below a statement.
func (f *fixer) guard(after ast.Stmt, pos token.Pos, cond string, before []string) {
	lines := append(before, "defer func() {")
	for _, line := range f.ifLines(cond, pos) {
		lines = append(lines, "\t"+line)
	}
	lines = append(lines, "}()")
	f.fix.TextEdits = append(f.fix.TextEdits, check.Below(f.pass, after, pos, lines...))
}

// ifLines are the lines of a release on a condition.
func (f *fixer) ifLines(cond string, pos token.Pos) []string {
	if f.guarded {
		cond += " && " + f.target.Name() + " != nil"
	}
	lines := []string{"if " + cond + " {"}
	for _, line := range f.plainLines(pos) {
		lines = append(lines, "\t"+line)
	}
	return append(lines, "}")
}
