package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/lifetime"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
)

// This file releases what a method has opened and left in its receiver, or a
// function in what it was given the address of: a variable of the function that
// nobody else keeps.

// behind finds the deferred release below the call.
func behind(f *fixer, c lifetime.Course) Reason {
	open := f.site.Open()
	if !open.At.Param || open.At.Func || open.Cleanup >= 0 || !f.open.Never {
		return Nameless
	}
	if c.Left || c.Given || c.Moved || len(f.open.Moved) > 0 {
		return Kept
	}
	owner, r := filled(f)
	if r != "" {
		return r
	}
	after, r := filledFrom(f)
	if r != "" {
		return r
	}
	if f.inLoop() {
		return Loop
	}
	f.holder, f.target, f.field, f.asserted = owner, owner, "", ""
	if f.parallel() {
		return Subtests
	}
	if r := f.mayUseLater(f.site); r != "" {
		return r
	}
	if r := f.feedsOthers(); r != "" {
		return r
	}
	pos := f.lineEnd(after)
	if !pos.IsValid() {
		return Layout
	}
	if closes(f) {
		if !asksFirst(f) {
			return Nil
		}
		return f.deferBelow(after)
	}
	field := open.At.FieldOf(owner.Type())
	if field == nil || !field.Exported() && field.Pkg() != f.pass.Pkg || !mayBeNilType(field.Type()) || !f.alwaysOpened(field) {
		return NoCloser
	}
	if r := fieldReleased(f, field); r != "" {
		return r
	}
	if !f.twice {
		return Twice
	}
	lines := slices.Concat([]string{"defer func() {"}, indented(unlessNil(owner.Name()+"."+field.Name(), f.plainLines(pos))), []string{"}()"})
	f.fix.TextEdits = []analysis.TextEdit{check.Below(f.pass, after, pos, lines...)}
	f.fix.Message = "insert a deferred " + f.release() + " if it is not nil"
	return ""
}

// filled finds the variable that a call fills.
func filled(f *fixer) (*types.Var, Reason) {
	call, ok := f.call.(*ast.CallExpr)
	if !ok {
		return nil, Nameless
	}
	at := filledBy(f, call, f.site.Open().At.Index)
	if at == nil {
		return nil, Nameless
	}
	owner, ok := f.prog.Source().Variable(at).(*types.Var)
	if !ok || !f.own(owner) || f.captured(owner) {
		return nil, Set
	}
	if _, pointer := owner.Type().Underlying().(*types.Pointer); pointer && f.addressed(owner) {
		return nil, Set
	}
	return owner, ""
}

// filledFrom finds the statement below which the variable is filled, if anything
// was opened: the call, or the check of its error.
func filledFrom(f *fixer) (after ast.Stmt, r Reason) {
	if r := opening(f); r != "" {
		return nil, r
	}
	after = f.stmt
	path, _ := astutil.PathEnclosingInterval(f.file, after.Pos(), after.End())
	at := slices.Index(path, ast.Node(after))
	if check, ok := path[at+1].(*ast.IfStmt); ok && check.Init == after {
		plain := *check
		plain.Init = nil
		f.rest, after = []ast.Stmt{&plain}, check
		if f.errorCheck() == nil {
			return nil, Unchecked
		}
	} else if check := f.errorCheck(); check != nil {
		after = check
	}
	if !slices.Contains(f.body().List, after) {
		return nil, Nameless
	}
	return after, ""
}

// opening finds the statement of the call, which must be of the function itself.
func opening(f *fixer) Reason {
	path, _ := astutil.PathEnclosingInterval(f.file, f.call.Pos(), f.call.End())
	for i, n := range path {
		switch s := n.(type) {
		case ast.Stmt:
			if i+1 == len(path) {
				return Nameless
			}
			f.stmt, f.rest = s, nil
			if list := statements(path[i+1]); slices.Contains(list, s) {
				f.rest = list[slices.Index(list, s)+1:]
			}
			return ""
		case *ast.FuncLit, *ast.FuncDecl:
			return Nameless
		}
	}
	return Nameless
}

// filledAndAsks finds the variable that a call fills, if its type has a method
// that asks itself whether there is something to release.
func filledAndAsks(f *fixer) Reason {
	owner, r := filled(f)
	if r != "" {
		return r
	}
	if r := opening(f); r != "" {
		return r
	}
	f.holder, f.target, f.field, f.unsure = owner, owner, "", false
	if !closes(f) {
		return NoMethod
	}
	if !asksFirst(f) {
		return Nil
	}
	return ""
}

// closes finds the method of the target that releases what a call has put into
// it. One that opens and releases, as the need may be, is none.
func closes(f *fixer) bool {
	open := f.site.Open()
	return len(f.open.Release) > 0 && open.Cleanup < 0 && f.releasedBy(f.target.Type(), open) == "" && f.asserted == "" &&
		f.method != nil && f.callee(f.call.(*ast.CallExpr)) != f.method
}

// asksFirst reports whether the method that releases what is in a field of its
// receiver, and nothing else there, asks first whether it is there.
func asksFirst(f *fixer) bool {
	field := f.site.Open().At.FieldOf(f.target.Type())
	fn := f.prog.Pkg.Prog.FuncValue(f.method)
	if field == nil || fn == nil || fn.Pkg != f.prog.Pkg {
		return false
	}
	decl, ok := fn.Syntax().(*ast.FuncDecl)
	if !ok || decl.Body == nil || decl.Recv == nil || len(decl.Recv.List[0].Names) != 1 {
		return false
	}
	recv, _ := f.info.Defs[decl.Recv.List[0].Names[0]].(*types.Var)
	if recv == nil {
		return false
	}
	is := func(e ast.Expr) bool {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		return ok && f.info.Uses[sel.Sel] == field && f.is(sel.X, recv)
	}
	list := decl.Body.List
	if len(list) > 0 {
		// if x.f == nil { return }
		if s, ok := list[0].(*ast.IfStmt); ok && s.Init == nil && s.Else == nil && comparesNil(f, s.Cond, token.EQL, is) && f.leaves(s.Body) {
			return true
		}
	}
	asks := true
	for _, s := range list {
		if s, ok := s.(*ast.IfStmt); ok && s.Init == nil && s.Else == nil && comparesNil(f, s.Cond, token.NEQ, is) {
			continue
		}
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				asks = asks && !f.mentions(n, recv)
			case *ast.SelectorExpr:
				_, deep := ast.Unparen(n.X).(*ast.SelectorExpr)
				asks = asks && !(deep && f.mentions(n, recv))
			}
			return asks
		})
	}
	return asks
}

// comparesNil reports whether a condition compares an expression with nil.
func comparesNil(f *fixer, cond ast.Expr, op token.Token, is func(ast.Expr) bool) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	return ok && b.Op == op && (is(b.X) && f.info.Types[b.Y].IsNil() || is(b.Y) && f.info.Types[b.X].IsNil())
}

// filledBy returns what a call gets for a parameter, as rows count them, or nil:
// its receiver, an argument, or that of which it gets the address.
func filledBy(f *fixer, call *ast.CallExpr, index int) ast.Expr {
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && f.info.Selections[sel] != nil {
		if index == 0 {
			return ast.Unparen(sel.X)
		}
		index--
	}
	if index >= len(call.Args) || call.Ellipsis.IsValid() {
		return nil
	}
	at := ast.Unparen(call.Args[index])
	if u, ok := at.(*ast.UnaryExpr); ok && u.Op == token.AND {
		at = ast.Unparen(u.X)
	}
	return at
}

// putsThere reports whether a call puts what it opens where the repaired one does.
func putsThere(f *fixer, s lifetime.Site, n ast.Node) bool {
	own, at := f.site.Open().At, s.Open().At
	call, ok := n.(*ast.CallExpr)
	if !ok || !own.Param || !at.Param || own.Shape != at.Shape {
		return false
	}
	in := filledBy(f, call, at.Index)
	return in != nil && f.is(in, f.holder)
}

// fieldReleased finds the method that releases what a field of the target holds.
func fieldReleased(f *fixer, field *types.Var) Reason {
	names := f.lives.ReleaseOf(field.Type())
	if len(names) == 0 {
		return NoMethod
	}
	obj, _, _ := types.LookupFieldOrMethod(field.Type(), true, f.pass.Pkg, names[0])
	method, _ := obj.(*types.Func)
	switch {
	case method == nil:
		return NoMethod
	case method.Signature().Params().Len() > 0:
		return Arguments
	}
	f.method, f.field = method, field.Name()
	f.twice = method.Pkg() != nil && f.prog.Table.Covers(method.Pkg().Path()) && method.Signature().Results().Len() == 1
	return ""
}
