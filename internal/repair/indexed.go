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
	"golang.org/x/tools/go/ast/astutil"
)

// This file releases what the iterations of a loop have opened and put into the
// elements of a slice, one after the other, where the function returns without it.

// An indexer looks at such a loop.
type indexer struct {
	*fixer
	body   *ast.BlockStmt
	failed ast.Stmt        // the check of the opening's error, or nil
	put    *ast.AssignStmt // list[i] = x, or list[i], err = open()
	list   ast.Expr        // a variable, or a field of a local owner
	owner  *types.Var      // the variable, or the owner
	field  *types.Var      // of the owner, or nil
	index  *types.Var      // counts from 0 with the iterations
	each   string          // the variable of the loops that release
}

// indexed finds the releases before the returns that leave the slice behind.
func indexed(f *fixer) Reason {
	if !f.inLoop() {
		return Layout
	}
	root, all, moves, ok := f.lives.Exits(f.open)
	if !ok || root != f.site.Func() || len(moves) > 0 || slices.ContainsFunc(f.open.Leaks, func(l lifetime.Leak) bool { return l.Again || l.WithError }) {
		return Loop
	}
	open := f.site.Open()
	if open.At.Param || open.At.Func || open.At.Shape != "" && open.Cleanup >= 0 || !f.certain(f.site) {
		return Loop
	}
	x := &indexer{fixer: f}
	if !x.finds() {
		return Loop
	}
	elem := x.list
	slice, ok := f.info.TypeOf(elem).Underlying().(*types.Slice)
	if !ok || f.parallel() {
		return Loop
	}
	if r := f.releasedBy(slice.Elem(), open); r != "" || f.asserted != "" || f.method == nil {
		return Loop
	}
	name := x.owner.Name()
	if x.field != nil {
		name = x.field.Name()
	}
	x.each = f.newName(x.body, nil, append([]string{strings.ToLower(name[:1])}, nameOf(slice.Elem())...)...)
	if x.each == "" {
		return Layout
	}
	return x.releases(all, slice.Elem())
}

// finds finds the loop and the slice, which the function has made.
func (x *indexer) finds() bool {
	path, _ := astutil.PathEnclosingInterval(x.file, x.call.Pos(), x.call.End())
	for i, n := range path {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || i+2 >= len(path) {
			continue
		}
		x.stmt, x.rest = assign, nil
		var in ast.Stmt = assign
		if s, ok := path[i+1].(*ast.IfStmt); ok && s.Init == in {
			plain := *s
			plain.Init = nil
			x.rest = []ast.Stmt{&plain}
			if x.errorCheck() == nil {
				return false
			}
			in, x.failed, i = s, s, i+1
		}
		x.body, _ = path[i+1].(*ast.BlockStmt)
		if x.body == nil || !slices.Contains(x.body.List, in) {
			return false
		}
		x.rest = x.body.List[slices.Index(x.body.List, in)+1:]
		if x.failed == nil && x.site.Open().Err >= 0 {
			if x.failed = x.errorCheck(); x.failed == nil {
				return false
			}
		}
		return x.counts(path[i+2]) && x.puts(assign) && x.made() && x.runsOn(in)
	}
	return false
}

// counts reports whether a loop counts its iterations from 0 on.
func (x *indexer) counts(loop ast.Node) bool {
	var id *ast.Ident
	switch loop := loop.(type) {
	case *ast.RangeStmt:
		t := x.info.TypeOf(loop.X)
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		switch u := t.Underlying().(type) {
		case *types.Slice, *types.Array:
		case *types.Basic:
			if u.Info()&types.IsInteger == 0 {
				return false
			}
		default:
			return false
		}
		id, _ = loop.Key.(*ast.Ident)
		if loop.Tok != token.DEFINE {
			return false
		}
	case *ast.ForStmt:
		init, ok1 := loop.Init.(*ast.AssignStmt)
		post, ok2 := loop.Post.(*ast.IncDecStmt)
		if !ok1 || !ok2 || init.Tok != token.DEFINE || len(init.Lhs) != 1 || post.Tok != token.INC {
			return false
		}
		if v := x.info.Types[init.Rhs[0]].Value; v == nil || v.ExactString() != "0" {
			return false
		}
		id, _ = init.Lhs[0].(*ast.Ident)
		if v, ok := x.info.ObjectOf(id).(*types.Var); !ok || !x.is(post.X, v) {
			return false
		}
	}
	if id == nil || id.Name == "_" {
		return false
	}
	x.index, _ = x.info.Defs[id].(*types.Var)
	return x.index != nil && !x.changes(x.body, x.index)
}

// changes reports whether a block may set a variable.
func (x *indexer) changes(b *ast.BlockStmt, v *types.Var) bool {
	found := x.addressedIn(b, v)
	ast.Inspect(b, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			found = found || slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return x.is(e, v) })
		case *ast.IncDecStmt:
			found = found || x.is(n.X, v)
		}
		return true
	})
	return found
}

// puts finds the statement that puts the resource into an element.
func (x *indexer) puts(assign *ast.AssignStmt) bool {
	if at := x.site.Open().At.Index; at < len(assign.Lhs) && len(assign.Rhs) == 1 && x.into(assign.Lhs[at]) {
		x.put = assign
		return true
	}
	if x.held() != "" || x.target != x.holder || x.field != nil {
		return false
	}
	for _, s := range x.rest {
		a, ok := s.(*ast.AssignStmt)
		if ok && a.Tok == token.ASSIGN && len(a.Lhs) == 1 && len(a.Rhs) == 1 && x.is(a.Rhs[0], x.holder) && x.into(a.Lhs[0]) {
			x.put = a
			return true
		}
	}
	return false
}

// into finds the slice of an element that is set.
func (x *indexer) into(e ast.Expr) bool {
	at, ok := ast.Unparen(e).(*ast.IndexExpr)
	if !ok || !x.is(at.Index, x.index) {
		return false
	}
	switch list := at.X.(type) {
	case *ast.Ident:
		x.owner, _ = x.info.Uses[list].(*types.Var)
	case *ast.SelectorExpr:
		if id, ok := list.X.(*ast.Ident); ok {
			x.owner, _ = x.info.Uses[id].(*types.Var)
			x.field, _ = x.info.Uses[list.Sel].(*types.Var)
		}
		if x.field == nil {
			return false
		}
	}
	x.list = at.X
	return x.owner != nil && x.own(x.owner) && !x.addressed(x.owner) && !x.captured(x.owner)
}

// same reports whether an expression is the slice.
func (x *indexer) same(e ast.Expr) bool {
	if x.field == nil {
		return x.is(e, x.owner)
	}
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	return ok && x.info.Uses[sel.Sel] == x.field && x.is(sel.X, x.owner)
}

// made reports whether the slice is made once, before the loop, and nothing else
// sets it or an element of it.
func (x *indexer) made() bool {
	makes := func(e ast.Expr) bool {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok || e.Pos() > x.body.Pos() {
			return false
		}
		fn, ok := x.callee(call).(*types.Builtin)
		return ok && fn.Name() == "make"
	}
	made, ok := 0, true
	ast.Inspect(x.fixer.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				at, element := ast.Unparen(lhs).(*ast.IndexExpr)
				switch {
				case element && x.same(at.X):
					ok = ok && n == x.put
				case x.same(lhs):
					made++
					ok = ok && len(n.Lhs) == len(n.Rhs) && makes(n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			for i, id := range n.Names {
				if x.field == nil && x.info.Defs[id] == x.owner {
					made++
					ok = ok && i < len(n.Values) && makes(n.Values[i])
				}
			}
		case *ast.KeyValueExpr:
			if key, is := n.Key.(*ast.Ident); is && x.field != nil && x.info.Uses[key] == x.field {
				made++
				ok = ok && makes(n.Value)
			}
		case *ast.UnaryExpr:
			if e, is := ast.Unparen(n.X).(*ast.IndexExpr); is && n.Op == token.AND {
				ok = ok && !x.same(e.X)
			}
			ok = ok && !(n.Op == token.AND && x.same(n.X))
		}
		return true
	})
	return made == 1 && ok
}

// runsOn reports whether no iteration ends before a statement of the loop.
func (x *indexer) runsOn(in ast.Stmt) bool {
	for _, s := range x.body.List {
		if s == in {
			break
		}
		found := false
		ast.Inspect(s, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.BranchStmt, *ast.LabeledStmt:
				found = true
			}
			return !found
		})
		if found {
			return false
		}
	}
	for _, s := range x.rest { // nor between the opening and the element
		if s == ast.Stmt(x.put) || x.put == x.stmt {
			break
		}
		if s != x.failed && x.continues(s) {
			return false
		}
	}
	return x.failed == nil || !x.continues(x.failed)
}

// continues reports whether a statement may begin another iteration.
func (x *indexer) continues(s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BranchStmt:
			found = true
		}
		return !found
	})
	return found
}

// releases adds the releases before the returns.
func (x *indexer) releases(all []lifetime.Exit, elem types.Type) Reason {
	var lines []string
	for _, e := range all {
		if !e.Open && !e.WithError {
			continue
		}
		ret, ok := x.returnAt(e.Pos).(*ast.ReturnStmt)
		switch {
		case e.Given || e.Taken || e.Closed || e.WithError:
			return Mixed
		case !ok || !x.beginsLine(ret) || len(lines) == few:
			return Layout
		case ret.Pos() < x.body.Pos() || x.body.End() <= ret.Pos():
			return Loop // perhaps it has not come to all elements
		case x.seen(x.owner.Name(), ret.Pos()) != x.owner || x.seen(x.index.Name(), ret.Pos()) != x.index:
			return OutOfScope
		case x.mentions(ret, x.owner) || x.holder != nil && x.returnUses(ret):
			return Used
		}
		if r := x.mayUseAfterLoops(x.site, x.site.Func(), x.put, e); r != "" {
			return r
		}
		g := *x.fixer
		g.target = types.NewVar(token.NoPos, x.pass.Pkg, x.each, elem)
		upTo := x.index.Name()
		var own []string
		switch failed := x.failed; {
		case ret.Pos() < x.stmt.Pos() || failed != nil && failed.Pos() <= ret.Pos() && ret.End() <= failed.End():
		case x.put.End() < ret.Pos():
			upTo += "+1"
		case x.seen(x.holder.Name(), ret.Pos()) != x.holder:
			return OutOfScope
		default:
			own = x.plainLines(ret.Pos())
		}
		loop := slices.Concat(own, []string{"for _, " + x.each + " := range " + types.ExprString(x.list) + "[:" + upTo + "] {"}, indented(g.plainLines(ret.Pos())), []string{"}"})
		x.fix.TextEdits = append(x.fix.TextEdits, check.Above(x.pass, ret, loop...))
		lines = append(lines, fmt.Sprint(x.line(e.Pos)))
	}
	if len(lines) == 0 {
		return Layout
	}
	x.fix.Message = "release what " + types.ExprString(x.list) + " has before " + theReturns(lines)
	return ""
}
