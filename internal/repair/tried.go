package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/check"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
)

// This file releases at once what is opened only to see whether that fails.

// unused gives a name to what is dropped beside an error, and releases it where
// there is none:
//
//	if _, err := open(); err != nil {
//		return err
//	}
func (f *fixer) unused(call *ast.CallExpr) Reason {
	open := f.site.Open()
	tuple, ok := f.info.TypeOf(call).(*types.Tuple)
	if !ok || tuple.Len() != 2 || open.Err != 1 {
		return Nameless
	}
	path, _ := astutil.PathEnclosingInterval(f.file, call.Pos(), call.End())
	for i, n := range path {
		assign, ok := n.(*ast.AssignStmt)
		if !ok {
			continue
		}
		if len(assign.Rhs) != 1 || ast.Unparen(assign.Rhs[0]) != call || len(assign.Lhs) != 2 || i+1 == len(path) {
			return Nameless
		}
		blank, ok1 := assign.Lhs[0].(*ast.Ident)
		err, ok2 := assign.Lhs[1].(*ast.Ident)
		if !ok1 || !ok2 || blank.Name != "_" || err.Name == "_" {
			return Nameless
		}
		if r := f.releasedBy(tuple.At(0).Type(), open); r != "" {
			return r
		}
		if s, init := path[i+1].(*ast.IfStmt); init && s.Init == ast.Stmt(assign) {
			return f.unusedIn(s, assign, blank, err)
		}
		return f.unusedAbove(assign, path[i+1], blank, err)
	}
	return Nameless
}

// unusedAbove names what an assignment drops: below the check of its error it is
// released, or below the assignment if there was none.
func (f *fixer) unusedAbove(assign *ast.AssignStmt, block ast.Node, blank, err *ast.Ident) Reason {
	list := statements(block)
	at := slices.Index(list, ast.Stmt(assign))
	if at < 0 {
		return Nameless
	}
	f.stmt, f.rest = assign, list[at+1:]
	edits, ok := f.defined(assign, block, err)
	if !ok {
		return Unchecked
	}
	name := f.ownName(assign)
	if name == "" {
		return Layout
	}
	f.target = types.NewVar(token.NoPos, f.pass.Pkg, name, nil)
	after, lines := f.errorCheck(), f.releaseLines
	if after == nil {
		after = assign
		lines = func(pos token.Pos) []string { return f.ifLines(err.Name+" == nil", pos) }
	}
	pos := f.lineEnd(after)
	if !pos.IsValid() {
		return Layout
	}
	f.fix.TextEdits = append(edits,
		analysis.TextEdit{Pos: blank.Pos(), End: blank.End(), NewText: []byte(name)},
		check.Below(f.pass, after, pos, lines(pos)...),
	)
	f.fix.Message = "name it " + name + " and insert " + f.release()
	return ""
}

// unusedIn takes an opening out of an if statement that checks its error.
func (f *fixer) unusedIn(s *ast.IfStmt, assign *ast.AssignStmt, blank, err *ast.Ident) Reason {
	path, _ := astutil.PathEnclosingInterval(f.file, s.Pos(), s.End())
	within := slices.Index(path, ast.Node(s)) + 1
	if within == 0 || within == len(path) || !f.beginsLine(s) || s.Else != nil {
		return Nameless
	}
	list := statements(path[within])
	at := slices.Index(list, ast.Stmt(s))
	plain := *s
	plain.Init = nil
	f.stmt, f.rest = assign, []ast.Stmt{&plain}
	if f.errorCheck() == nil {
		return Unchecked
	}
	f.rest = list[at+1:]
	edits, ok := f.defined(assign, path[within], err)
	if !ok {
		return Nameless
	}
	pos := f.lineEnd(s)
	name := f.ownName(s)
	if name == "" || !pos.IsValid() || f.line(assign.End()) != f.line(s.Cond.Pos()) || f.line(s.Pos()) != f.line(assign.Pos()) || f.comments(assign.End(), s.Cond.Pos()) {
		return Layout
	}
	f.target = types.NewVar(token.NoPos, f.pass.Pkg, name, nil)
	below := check.Below(f.pass, s, assign.End(), "if ")
	below.End = s.Cond.Pos()
	f.fix.TextEdits = append(edits,
		analysis.TextEdit{Pos: s.Pos(), End: blank.End(), NewText: []byte(name)},
		below,
		check.Below(f.pass, s, pos, f.releaseLines(pos)...),
	)
	f.fix.Message = "name it " + name + " and insert " + f.release()
	return ""
}

// defined are the edits that make an assignment of an error define it in a
// block, beside a new variable, if what follows means the same then. What
// follows the statement is f.rest.
func (f *fixer) defined(assign *ast.AssignStmt, block ast.Node, err *ast.Ident) (edits []analysis.TextEdit, ok bool) {
	scope := f.scopeOf(block)
	v, is := f.info.ObjectOf(err).(*types.Var)
	if scope == nil || !is || !isError(v.Type()) {
		return nil, false
	}
	if assign.Tok == token.ASSIGN {
		// The new statement must mean the same variable by := as it did by =.
		return []analysis.TextEdit{{Pos: assign.TokPos, End: assign.TokPos + 1, NewText: []byte(":=")}}, v.Parent() == scope
	}
	if v.Parent() == scope {
		return nil, true // it is defined there
	}
	_, outer := scope.LookupParent(err.Name, assign.Pos())
	if outer == nil {
		return nil, !f.redefined(scope.Lookup(err.Name))
	}
	// From now on the name means the new variable, or the outer one is set.
	for _, s := range f.rest {
		if f.refers(s, outer) {
			return nil, f.sets(s, outer) && outer.Parent() == scope && !f.captured(outer)
		}
	}
	return nil, outer.Parent() != scope && !f.redefined(scope.Lookup(err.Name)) || outer.Parent() == scope && !f.captured(outer) && (!f.isResult(outer) || !slices.ContainsFunc(f.rest, returnsBare))
}

// redefined reports whether a variable is declared by a statement that declares
// no other, which cannot be there twice in a block.
func (f *fixer) redefined(v types.Object) bool {
	if v == nil {
		return false
	}
	for _, s := range f.rest {
		if a, ok := s.(*ast.AssignStmt); ok && a.Tok == token.DEFINE {
			declares, others := false, false
			for _, lhs := range a.Lhs {
				id, ok := lhs.(*ast.Ident)
				declares = declares || ok && f.info.Defs[id] == v
				others = others || ok && id.Name != "_" && f.info.Defs[id] != nil && f.info.Defs[id] != v
			}
			if declares {
				return !others || !isError(v.Type())
			}
		}
	}
	return true
}

// refers reports whether a node mentions a variable.
func (f *fixer) refers(n ast.Node, v types.Object) bool {
	own, ok := v.(*types.Var)
	return !ok || f.mentions(n, own)
}

// sets reports whether the first thing that a statement does with a variable is
// to set it.
func (f *fixer) sets(s ast.Stmt, v types.Object) bool {
	if check, ok := s.(*ast.IfStmt); ok {
		s = check.Init
	}
	a, ok := s.(*ast.AssignStmt)
	if !ok {
		return false
	}
	set := false
	for _, lhs := range a.Lhs {
		id, ok := lhs.(*ast.Ident)
		set = set || ok && f.info.ObjectOf(id) == v
		if !ok && f.refers(lhs, v) {
			return false
		}
	}
	return set && !slices.ContainsFunc(a.Rhs, func(e ast.Expr) bool { return f.refers(e, v) })
}

// captured reports whether a func of the function has a variable.
func (f *fixer) captured(v types.Object) bool {
	found := false
	ast.Inspect(f.body(), func(n ast.Node) bool {
		lit, ok := n.(*ast.FuncLit)
		found = found || ok && f.refers(lit, v)
		return !found
	})
	return found
}

// returnsBare reports whether a statement has a return that says not what.
func returnsBare(s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		if _, lit := n.(*ast.FuncLit); lit {
			return false
		}
		ret, ok := n.(*ast.ReturnStmt)
		found = found || ok && len(ret.Results) == 0
		return !found
	})
	return found
}

// isResult reports whether a variable is a result of the function.
func (f *fixer) isResult(v types.Object) bool {
	for r := range f.site.Func().Signature.Results().Variables() {
		if r == v {
			return true
		}
	}
	return false
}

// comments reports whether there is a comment between two positions.
func (f *fixer) comments(from, to token.Pos) bool {
	return slices.ContainsFunc(f.file.Comments, func(c *ast.CommentGroup) bool { return from <= c.Pos() && c.Pos() < to })
}
