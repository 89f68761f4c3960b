package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"
)

// This file answers what a repair asks of the source.

// errorCheck returns the statement right after the opening that leaves the
// block when the opening has failed.
func (f *fixer) errorCheck() ast.Stmt { return f.errorCheckOf(f.site.Open().Err) }

// errorCheckOf does so for an opening whose result of a number is its error.
func (f *fixer) errorCheckOf(result int) ast.Stmt {
	if result < 0 {
		return nil
	}
	assign, ok := f.stmt.(*ast.AssignStmt)
	if !ok || len(assign.Rhs) != 1 || program.Bare(assign.Rhs[0]) != f.call || len(f.rest) == 0 {
		return nil
	}
	failed, ok := f.prog.Source().Variable(f.prog.Source().Bound(f.call, result)).(*types.Var)
	if !ok {
		return nil
	}
	check, ok := f.rest[0].(*ast.IfStmt)
	if !ok || check.Init != nil || check.Else != nil || !f.leaves(check.Body) {
		return nil
	}
	cond, ok := ast.Unparen(check.Cond).(*ast.BinaryExpr)
	if !ok || cond.Op != token.NEQ {
		return nil
	}
	isNil := func(e ast.Expr) bool { return f.info.Types[e].IsNil() }
	if f.is(cond.X, failed) && isNil(cond.Y) || f.is(cond.Y, failed) && isNil(cond.X) {
		return check
	}
	return nil
}

// leaves reports whether control never passes the end of a block.
func (f *fixer) leaves(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	switch last := b.List[len(b.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok != token.FALLTHROUGH
	case *ast.ExprStmt:
		call, ok := last.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		switch callee := f.callee(call).(type) {
		case *types.Builtin:
			return callee.Name() == "panic"
		case *types.Func:
			return f.endsAt(f.fn, call)
		}
	}
	return false
}

func (f *fixer) callee(call *ast.CallExpr) types.Object {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return f.info.Uses[fun]
	case *ast.SelectorExpr:
		return f.info.Uses[fun.Sel]
	}
	return nil
}

func (f *fixer) line(pos token.Pos) int { return f.pass.Fset.PositionFor(pos, false).Line }

// lineEnd is where the line ends on which a statement does, behind a comment.
func (f *fixer) lineEnd(s ast.Stmt) token.Pos { return f.lineEndIn(f.file, s) }

func (f *fixer) lineEndIn(file *ast.File, s ast.Stmt) token.Pos {
	end := s.End()
	for _, group := range file.Comments {
		for _, c := range group.List {
			if c.Pos() < end || f.line(c.Pos()) != f.line(s.End()) {
				continue
			}
			if f.line(c.End()) != f.line(s.End()) {
				return token.NoPos
			}
			end = c.End()
		}
	}
	return end
}

// statements lists the statements of a block.
func statements(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}

// local returns the local variable that an expression is, unless it may hold
// something else as well.
func (f *fixer) local(e ast.Expr) *types.Var {
	v, ok := f.prog.Source().Variable(e).(*types.Var)
	if !ok || v.Pos() < f.body().Pos() || f.body().End() <= v.Pos() {
		return nil
	}
	sets := f.prog.Source().Sets(v)
	if len(sets) > 1 || len(sets) == 1 && sets[0] != f.stmt.Pos() {
		return nil
	}
	shared := false
	ast.Inspect(f.body(), func(n ast.Node) bool {
		u, ok := n.(*ast.UnaryExpr)
		shared = shared || ok && u.Op == token.AND && f.is(u.X, v)
		return true
	})
	if shared {
		return nil
	}
	return v
}

func (f *fixer) body() *ast.BlockStmt {
	switch fn := f.fn.(type) {
	case *ast.FuncDecl:
		return fn.Body
	case *ast.FuncLit:
		return fn.Body
	}
	return nil
}

// is reports whether an expression is a variable.
func (f *fixer) is(e ast.Expr, v *types.Var) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && f.info.ObjectOf(id) == v
}

func (f *fixer) mentions(n ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && f.info.ObjectOf(id) == v
		return !found
	})
	return found
}

// addressed reports whether the address of a variable is taken.
func (f *fixer) addressed(v *types.Var) bool { return f.addressedIn(f.body(), v) }

func (f *fixer) addressedIn(body *ast.BlockStmt, v *types.Var) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		u, ok := n.(*ast.UnaryExpr)
		found = found || ok && u.Op == token.AND && f.is(u.X, v)
		return !found
	})
	return found
}

// isError reports whether a type is error.
func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// seen is what a name means at a position, or nil.
func (f *fixer) seen(name string, pos token.Pos) types.Object {
	scope := f.pass.Pkg.Scope().Innermost(pos)
	if scope == nil {
		return nil
	}
	_, obj := scope.LookupParent(name, pos)
	return obj
}

// newName picks a name that means nothing yet where a statement stands, nor in
// the function.
func (f *fixer) newName(at ast.Node, taken []string, names ...string) string {
	for _, name := range names {
		used := slices.Contains(taken, name) || f.seen(name, at.Pos()) != nil
		ast.Inspect(f.body(), func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			used = used || ok && id.Name == name && !f.isField(id)
			return !used
		})
		if !used {
			return name
		}
	}
	return ""
}

// isField reports whether an identifier names a field or a method, which no
// variable hides.
func (f *fixer) isField(id *ast.Ident) bool {
	switch obj := f.info.ObjectOf(id).(type) {
	case *types.Var:
		return obj.IsField()
	case *types.Func:
		return obj.Signature().Recv() != nil
	}
	return false
}

// nameOf proposes names for a variable of a type, the best one first.
func nameOf(t types.Type) []string {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	var names []string
	if n, ok := types.Unalias(t).(*types.Named); ok {
		names = append(names, lowered(n.Obj().Name()))
	}
	return append(names, "result", "value", "v")
}

// lowered is a name as an unexported one: URLReader is urlReader.
func lowered(name string) string {
	upper := 0
	for upper < len(name) && name[upper] >= 'A' && name[upper] <= 'Z' {
		upper++
	}
	if upper > 1 && upper < len(name) {
		upper--
	}
	name = strings.ToLower(name[:upper]) + name[upper:]
	if token.IsKeyword(name) || types.Universe.Lookup(name) != nil {
		return name + "1"
	}
	return name
}

// beginsLine reports whether a statement is the first thing on its line.
func (f *fixer) beginsLine(s ast.Stmt) bool { return f.beginsLineIn(f.file, s) }

func (f *fixer) beginsLineIn(file *ast.File, s ast.Stmt) bool {
	var before token.Pos
	path, _ := astutil.PathEnclosingInterval(file, s.Pos(), s.End())
	within := slices.Index(path, ast.Node(s)) + 1 // a call may take as much as its statement
	if within == 0 || within == len(path) {
		return false
	}
	switch n := path[within].(type) {
	case *ast.BlockStmt:
		before = n.Lbrace
	case *ast.CaseClause:
		before = n.Colon
	case *ast.CommClause:
		before = n.Colon
	default:
		return false
	}
	list := statements(path[within])
	if at := slices.Index(list, s); at > 0 {
		before = list[at-1].End()
	}
	return f.line(before) < f.line(s.Pos())
}

// inLoop reports whether the statement that opens the resource is in a loop of
// its function.
func (f *fixer) inLoop() bool {
	if b := f.site.Instr().Block(); b == nil || ssaflow.Loops(f.site.Func())[b.Index] || ssaflow.IsLoopBody(f.site.Func()) {
		return true
	}
	path, _ := astutil.PathEnclosingInterval(f.file, f.call.Pos(), f.call.End())
	for _, n := range path {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return true
		case *ast.FuncLit, *ast.FuncDecl:
			return false
		}
	}
	return false
}

// returnUses reports whether what a return statement computes needs the
// resource. What it has answered does not.
func (f *fixer) returnUses(ret *ast.ReturnStmt) bool {
	o := f.later(f.site)
	uses := false
	ast.Inspect(ret, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		uses = uses || ok && (f.mentions(call, f.holder) || f.mentions(call, f.target))
		return !uses
	})
	for _, b := range f.site.Func().Blocks {
		for _, instr := range b.Instrs {
			c, ok := instr.(ssa.CallInstruction)
			if !ok || instr.Pos() < ret.Pos() || ret.End() <= instr.Pos() {
				continue
			}
			for _, v := range operands(c) {
				uses = uses || o.reach[v] && o.needs(ssaflow.Unboxed(v).Type(), carried)
			}
		}
	}
	return uses
}

// neverSet reports whether the function neither sets a field of the holder nor
// takes its address.
func (f *fixer) neverSet(field *types.Var) bool {
	is := func(e ast.Expr) bool {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		return ok && f.info.Uses[sel.Sel] == field && f.is(sel.X, f.holder)
	}
	ok := true
	ast.Inspect(f.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			ok = ok && !slices.ContainsFunc(n.Lhs, is)
		case *ast.UnaryExpr:
			ok = ok && !(n.Op == token.AND && is(n.X))
		}
		return ok
	})
	return ok
}
