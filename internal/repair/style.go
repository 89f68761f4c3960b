package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/redisapi"
)

// This file answers how the file treats the errors of such releases.

// deferStatement is the deferred call.
func (f *fixer) deferStatement(pos token.Pos) string {
	if f.method != nil && f.method.Signature().Results().Len() == 1 {
		if join := f.join(pos); join != "" {
			return "defer func() { " + join + " = errors.Join(" + join + ", " + f.release() + ") }()"
		}
		if f.blank() {
			return "defer func() { _ = " + f.release() + " }()"
		}
	}
	return "defer " + f.release()
}

// assignments yields the only statement of each deferred closure below a node.
func assignments(root ast.Node, yield func(*ast.AssignStmt)) {
	ast.Inspect(root, func(n ast.Node) bool {
		d, ok := n.(*ast.DeferStmt)
		if !ok {
			return true
		}
		if lit, ok := d.Call.Fun.(*ast.FuncLit); ok && len(lit.Body.List) == 1 {
			if a, ok := lit.Body.List[0].(*ast.AssignStmt); ok && len(a.Lhs) == 1 && len(a.Rhs) == 1 {
				yield(a)
			}
		}
		return true
	})
}

// blank reports whether the file drops results of deferred calls by assigning
// them to nothing.
func (f *fixer) blank() bool {
	found := false
	assignments(f.file, func(a *ast.AssignStmt) {
		id, ok := a.Lhs[0].(*ast.Ident)
		_, calls := a.Rhs[0].(*ast.CallExpr)
		found = found || ok && calls && id.Name == "_"
	})
	return found
}

// join returns the result of the function to which a deferred call of it joins
// its error, if its name means the same at a position.
func (f *fixer) join(pos token.Pos) string {
	results := f.site.Func().Signature.Results()
	name := ""
	assignments(f.body(), func(a *ast.AssignStmt) {
		id, ok := a.Lhs[0].(*ast.Ident)
		call, calls := a.Rhs[0].(*ast.CallExpr)
		if !ok || !calls || len(call.Args) < 2 {
			return
		}
		fn, ok := f.callee(call).(*types.Func)
		if !ok || fn.FullName() != "errors.Join" || types.ExprString(call.Fun) != "errors.Join" {
			return
		}
		for v := range results.Variables() {
			scope := f.pass.Pkg.Scope().Innermost(pos)
			if f.info.ObjectOf(id) != v || scope == nil {
				continue
			}
			if _, seen := scope.LookupParent(id.Name, pos); seen == v {
				name = id.Name
			}
		}
	})
	return name
}

// releaseLines are the lines that release the resource at a position, with the
// error treated as the function treats that of other releases, or the file.
func (f *fixer) releaseLines(pos token.Pos) []string {
	if f.guarded {
		return unlessNil(f.target.Name(), f.plainLines(pos))
	}
	return f.plainLines(pos)
}

// unlessNil are lines that run if a variable is not nil.
func unlessNil(name string, lines []string) []string {
	return slices.Concat([]string{"if " + name + " != nil {"}, indented(lines), []string{"}"})
}

// plainLines are the lines that release what is there.
func (f *fixer) plainLines(pos token.Pos) []string {
	call := f.release()
	if f.asserted != "" {
		name := f.newName(f.body(), nil, "closer", "c")
		if name == "" {
			name = "closer1"
		}
		g := *f
		g.asserted, g.field, g.target = "", "", types.NewVar(token.NoPos, f.pass.Pkg, name, nil)
		lines := indented(g.plainLines(pos))
		return slices.Concat([]string{"if " + name + ", ok := " + strings.TrimSuffix(call, "."+f.method.Name()+"()") + ".(" + f.asserted + "); ok {"}, lines, []string{"}"})
	}
	if f.method == nil || f.method.Signature().Results().Len() != 1 {
		return []string{call}
	}
	habits := f.habits(f.body())
	if len(habits) == 0 {
		habits = f.habits(f.file)
	}
	for _, h := range habits {
		if lines := h.lines(f, call, pos); lines != nil {
			return lines
		}
	}
	if len(habits) > 0 {
		return []string{"_ = " + call} // in a way that cannot be repeated here
	}
	return []string{call}
}

// A habit is a way in which the error of a release is treated.
type habit struct {
	kind  string      // "plain", "blank", "log"
	log   *ast.IfStmt // an example of it
	count int
}

// habits lists the ways in which the errors of releases below a node are
// treated, the most frequent one first.
func (f *fixer) habits(root ast.Node) []habit {
	var list []habit
	add := func(kind string, log *ast.IfStmt) {
		for i := range list {
			if list[i].kind == kind {
				list[i].count++
				return
			}
		}
		list = append(list, habit{kind, log, 1})
	}
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ExprStmt:
			if f.isRelease(n.X) {
				add("plain", nil)
			}
		case *ast.AssignStmt:
			if id, ok := n.Lhs[0].(*ast.Ident); ok && len(n.Lhs) == 1 && len(n.Rhs) == 1 && id.Name == "_" && f.isRelease(n.Rhs[0]) {
				add("blank", nil)
			}
		case *ast.IfStmt:
			if a, ok := n.Init.(*ast.AssignStmt); ok && len(a.Rhs) == 1 && f.isRelease(a.Rhs[0]) && f.logs(n) {
				add("log", n)
			}
		}
		return true
	})
	slices.SortStableFunc(list, func(a, b habit) int { return b.count - a.count })
	return list
}

// isRelease reports whether an expression calls a method as the one that
// releases the resource: of its name, without arguments, with an error.
func (f *fixer) isRelease(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) != 0 {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && f.method != nil && sel.Sel.Name == f.method.Name() && isError(f.info.TypeOf(call))
}

// logs reports whether a statement "if err := x.Close(); err != nil" does one
// thing with the error: it calls something that is given it.
func (f *fixer) logs(s *ast.IfStmt) bool {
	init, ok := s.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE || len(init.Lhs) != 1 || s.Else != nil || len(s.Body.List) != 1 {
		return false
	}
	expr, ok := s.Body.List[0].(*ast.ExprStmt)
	if !ok {
		return false
	}
	_, ok = expr.X.(*ast.CallExpr)
	return ok && !f.leaves(s.Body)
}

// lines are the lines of a habit, or nil if it cannot be had at a position.
func (h habit) lines(f *fixer, call string, pos token.Pos) []string {
	switch h.kind {
	case "plain":
		return []string{call}
	case "blank":
		return []string{"_ = " + call}
	}
	init := h.log.Init.(*ast.AssignStmt)
	err, ok := init.Lhs[0].(*ast.Ident)
	body := h.log.Body.List[0]
	if !ok || f.line(body.Pos()) != f.line(body.End()) || !f.portable(body, f.info.Defs[err], pos) {
		return nil
	}
	cond, text := check.Text(f.pass, h.log.Cond), check.Text(f.pass, body)
	if cond == "" || text == "" {
		return nil
	}
	return []string{"if " + err.Name + " := " + call + "; " + cond + " {", "\t" + text, "}"}
}

// portable reports whether a statement means the same at a position, and says
// nothing of what it was about.
func (f *fixer) portable(body ast.Node, err types.Object, pos token.Pos) bool {
	ok := true
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			ast.Inspect(n.X, func(n ast.Node) bool {
				if id, is := n.(*ast.Ident); is {
					ok = ok && f.means(id, err, pos)
				}
				return true
			})
			return false
		case *ast.Ident:
			ok = ok && f.means(n, err, pos)
		case *ast.BasicLit:
			ok = ok && (n.Kind != token.STRING || f.general(n.Value))
		case *ast.FuncLit:
			ok = false
		}
		return ok
	})
	return ok
}

// means reports whether an identifier is the same at a position.
func (f *fixer) means(id *ast.Ident, err types.Object, pos token.Pos) bool {
	obj := f.info.ObjectOf(id)
	return obj != nil && (obj == err || obj.Parent() == types.Universe || f.seen(id.Name, pos) == obj)
}

// general reports whether a text can be said of the resource, too: it has no
// other words than such as one says of any.
func (f *fixer) general(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' || 'z' < r })
	for _, w := range words {
		switch w {
		case "a", "an", "the", "to", "of", "on", "in", "is", "not", "could", "cannot", "can", "t", "couldn", "unable", "fail", "failed", "failure", "failing",
			"error", "errors", "err", "warn", "warning", "close", "closed", "closing", "stop", "stopping", "shutdown", "release", "releasing",
			"s", "v", "w", "q", "d", "n", "while", "when", "during", "with", "msg", "redis":
		case "client", "pool", "connection", "conn", "subscription", "pubsub", "sub":
			if !slices.Contains(kindWords(f.open.Kind), w) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// kindWords are what a kind of resource is called in texts.
func kindWords(k redisapi.Kind) []string {
	switch k {
	case redisapi.Pool:
		return []string{"pool"}
	case redisapi.Conn, redisapi.Dedicated:
		return []string{"connection", "conn"}
	case redisapi.Subscription:
		return []string{"subscription", "pubsub", "sub"}
	}
	return []string{"client"}
}

// joined is the error of a return joined with that of the release, if other
// returns of the file do so.
func (f *fixer) joined(x exit, ret *ast.ReturnStmt) string {
	if !x.Failed || x.WithError || f.guarded || f.asserted != "" || len(ret.Results) == 0 || f.method == nil || f.method.Signature().Results().Len() != 1 {
		return ""
	}
	habit := false
	ast.Inspect(f.file, func(n ast.Node) bool {
		other, ok := n.(*ast.ReturnStmt)
		if !ok || len(other.Results) == 0 {
			return true
		}
		call, ok := ast.Unparen(other.Results[len(other.Results)-1]).(*ast.CallExpr)
		if !ok || len(call.Args) < 2 || types.ExprString(call.Fun) != "errors.Join" || !slices.ContainsFunc(call.Args, f.isRelease) {
			return true
		}
		fn, ok := f.callee(call).(*types.Func)
		habit = habit || ok && fn.FullName() == "errors.Join"
		return true
	})
	last := ret.Results[len(ret.Results)-1]
	if pkg, ok := f.seen("errors", ret.Pos()).(*types.PkgName); !habit || !ok || pkg.Imported().Path() != "errors" || !isError(f.info.TypeOf(last)) {
		return ""
	}
	text := check.Text(f.pass, last)
	if text == "" {
		return ""
	}
	return "errors.Join(" + text + ", " + f.release() + ")"
}
