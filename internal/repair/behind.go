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
	owner, after, r := filled(f)
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
	if len(f.open.Release) > 0 && f.releasedBy(owner.Type(), open) == "" && f.callee(f.call.(*ast.CallExpr)) != f.method {
		return Nil // its own method may not ask, and nothing tells that there is something to release
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

// filled finds the variable that a call fills, and the statement below which it
// is filled whatever happens.
func filled(f *fixer) (owner *types.Var, after ast.Stmt, r Reason) {
	call, ok := f.call.(*ast.CallExpr)
	if !ok {
		return nil, nil, Nameless
	}
	at := filledBy(f, call, f.site.Open().At.Index)
	if at == nil {
		return nil, nil, Nameless
	}
	owner, ok = f.prog.Source().Variable(at).(*types.Var)
	if !ok || !f.own(owner) || f.captured(owner) {
		return nil, nil, Set
	}
	if _, pointer := owner.Type().Underlying().(*types.Pointer); pointer && f.addressed(owner) {
		return nil, nil, Set
	}
	path, _ := astutil.PathEnclosingInterval(f.file, call.Pos(), call.End())
	for i, n := range path {
		s, ok := n.(ast.Stmt)
		if !ok || i+1 == len(path) {
			continue
		}
		f.stmt, after = s, s
		if check, ok := path[i+1].(*ast.IfStmt); ok && check.Init == s {
			plain := *check
			plain.Init = nil
			f.rest, after = []ast.Stmt{&plain}, check
		} else if k := slices.Index(statements(path[i+1]), s); k >= 0 {
			f.rest = statements(path[i+1])[k+1:]
		}
		break
	}
	if f.site.Open().Err >= 0 {
		failed := f.errorCheck()
		if failed == nil {
			return nil, nil, Unchecked
		}
		if after == f.stmt {
			after = failed
		}
	} else if _, alone := f.stmt.(*ast.ExprStmt); !alone {
		return nil, nil, Unchecked
	}
	if !slices.Contains(f.body().List, after) {
		return nil, nil, Nameless
	}
	return owner, after, ""
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
