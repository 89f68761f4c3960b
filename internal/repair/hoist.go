package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
)

// This file gives a name to what is opened in the middle of an expression, and
// releases it by that name.

// hoisted finds the deferred release of what only an expression uses.
func (f *fixer) hoisted() Reason {
	c := f.lives.Course(f.site)
	switch {
	case c.Left || c.Given:
		return Kept
	case c.Moved || len(f.open.Moved) > 0:
		return Shared
	case !f.open.Never || f.open.Name != "":
		return Nameless
	case !f.certain(f.site):
		return Nil
	}
	if b := f.site.Instr().Block(); b == nil || ssaflow.Loops(f.site.Func())[b.Index] || ssaflow.IsLoopBody(f.site.Func()) {
		return Loop
	}
	open := f.site.Open()
	call, ok := f.call.(*ast.CallExpr)
	if !ok || open.At.Param || open.At.Func || open.At.Index != 0 || open.Cleanup >= 0 {
		return Nameless
	}
	if open.Err >= 0 {
		return f.unused(call)
	}
	if _, ok := f.info.TypeOf(call).(*types.Tuple); ok {
		return Nameless
	}
	if r := f.mayUseLater(f.site); r != "" {
		return r
	}
	stmt, used := f.around(call)
	if stmt == nil || !f.beginsLine(stmt) || f.line(stmt.Pos()) != f.line(call.Pos()) && f.line(call.Pos()) != f.line(call.End()) {
		return Nameless
	}
	if !used {
		return Unused
	}
	if r := f.feedsAround(call); r != "" {
		return r
	}
	if r := f.releasedBy(f.info.TypeOf(call), open); r != "" {
		return r
	}
	name := f.ownName(stmt)
	text := check.Text(f.pass, call)
	if name == "" || text == "" {
		return Nameless
	}
	f.target = types.NewVar(token.NoPos, f.pass.Pkg, name, f.info.TypeOf(call))
	line := f.deferStatement(stmt.Pos())
	above := check.Above(f.pass, stmt, name+" := "+text, line)
	if stmt.Pos() == call.Pos() {
		above.End = call.End()
		above.NewText = append(above.NewText, name...)
		f.fix.TextEdits = []analysis.TextEdit{above}
	} else {
		f.fix.TextEdits = []analysis.TextEdit{above, {Pos: call.Pos(), End: call.End(), NewText: []byte(name)}}
	}
	f.fix.Message = "name it " + name + " and insert " + line
	return ""
}

// around finds the statement of a block that a call is part of, if nothing that
// has an effect comes before the call when the statement runs. It reports
// whether the statement uses what the call returns.
func (f *fixer) around(call ast.Expr) (stmt ast.Stmt, used bool) {
	path, _ := astutil.PathEnclosingInterval(f.file, call.Pos(), call.End())
	at := slices.Index(path, ast.Node(call))
	if at < 0 {
		return nil, false
	}
	used = true
	child := ast.Node(call)
	for i := at + 1; i < len(path); i++ {
		ok := true
		switch n := path[i].(type) {
		case *ast.ParenExpr, *ast.StarExpr:
		case *ast.UnaryExpr:
			ok = n.Op == token.AND
		case *ast.SelectorExpr:
		case *ast.TypeAssertExpr:
			ok = n.X == child
		case *ast.CallExpr:
			ok = child == n.Fun || f.pure(n.Fun) && f.pureBefore(n.Args, child)
		case *ast.KeyValueExpr:
			ok = n.Value == child
		case *ast.CompositeLit:
			ok = f.pureBefore(n.Elts, child)
		case *ast.AssignStmt:
			ok = f.pureBefore(n.Rhs, child)
			for _, lhs := range n.Lhs {
				_, ident := lhs.(*ast.Ident)
				ok = ok && ident
			}
			if id, is := n.Lhs[0].(*ast.Ident); is && len(n.Lhs) == 1 && id.Name == "_" && child == ast.Node(call) {
				used = false
			}
		case *ast.ReturnStmt:
			ok = f.pureBefore(n.Results, child)
		case *ast.ExprStmt:
			used = used && child != ast.Node(call)
		case *ast.RangeStmt:
			ok = n.X == child
		case *ast.IfStmt:
			ok = n.Init == child || n.Init == nil && n.Cond == child
		default:
			return nil, false
		}
		if !ok {
			return nil, false
		}
		if s, is := path[i].(ast.Stmt); is && i+1 < len(path) && slices.Contains(statements(path[i+1]), s) {
			return s, used
		}
		child = path[i]
	}
	return nil, false
}

// pureBefore reports whether what comes before an expression has no effect.
func (f *fixer) pureBefore(list []ast.Expr, child ast.Node) bool {
	for _, e := range list {
		if e == child {
			return true
		}
		if !f.pure(e) {
			return false
		}
	}
	return false
}

// pure reports whether an expression neither does anything, nor can be changed
// by what a call does.
func (f *fixer) pure(e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			ok = ok && f.info.Types[n.Fun].IsType()
		case *ast.UnaryExpr:
			ok = ok && n.Op != token.ARROW
		case *ast.IndexExpr, *ast.StarExpr, *ast.SliceExpr:
			ok = false
		case *ast.FuncLit:
			return false
		}
		return ok
	})
	return ok
}

// feedsAround says if the call is part of one that opens what outlives the
// function.
func (f *fixer) feedsAround(call ast.Expr) Reason {
	for _, s := range f.lives.Sites(f.site.Func()) {
		n := f.prog.Source().At(s.Instr())
		if n == nil || n == f.call || call.Pos() < n.Pos() || n.End() < call.End() {
			continue
		}
		if c := f.lives.Course(s); c.GaveUp || c.Left || c.Given || c.Moved {
			return Feeds
		}
	}
	return ""
}

// scopeOf is the scope of a block.
func (f *fixer) scopeOf(block ast.Node) *types.Scope {
	if block == ast.Node(f.body()) {
		switch fn := f.fn.(type) {
		case *ast.FuncDecl:
			return f.info.Scopes[fn.Type]
		case *ast.FuncLit:
			return f.info.Scopes[fn.Type]
		}
	}
	return f.info.Scopes[block]
}

// ownName picks a name for the resource where a statement stands. What is opened
// before it in the same block, and gets a name as well, has the first ones.
func (f *fixer) ownName(at ast.Node) string {
	var taken []string
	for _, s := range f.lives.Sites(f.site.Func()) {
		n := f.prog.Source().At(s.Instr())
		if n == nil || n.Pos() >= f.call.Pos() || f.prog.Source().Variable(f.prog.Source().Bound(n, s.Open().At.Index)) != nil {
			continue
		}
		path, _ := astutil.PathEnclosingInterval(f.file, n.Pos(), n.End())
		for _, b := range path {
			if statements(b) != nil {
				if b.Pos() <= at.Pos() && at.Pos() < b.End() {
					if name := f.newName(at, taken, f.names()...); name != "" {
						taken = append(taken, name)
					}
				}
				break
			}
		}
	}
	return f.newName(at, taken, f.names()...)
}

// names proposes names for a variable with the resource.
func (f *fixer) names() []string {
	switch f.open.Kind {
	case redisapi.Pool:
		return []string{"pool", "redisPool"}
	case redisapi.Conn, redisapi.Dedicated:
		return []string{"conn", "redisConn"}
	case redisapi.Subscription:
		return []string{"pubsub", "sub"}
	}
	return []string{"client", "rdb", "redisClient"}
}
