package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"
)

// This file releases by a deferred call what nobody else gets.

// deferred finds the deferred release that makes all others superfluous, and
// reports why there is none.
func (f *fixer) deferred(c lifetime.Course) Reason {
	switch {
	case c.Left || c.Given:
		return Kept
	case c.Moved || len(f.open.Moved) > 0:
		return Shared
	}
	if r := f.mayUseLater(f.site); r != "" {
		return r
	}
	if b := f.site.Instr().Block(); b == nil || ssaflow.Loops(f.site.Func())[b.Index] {
		return Loop
	}
	if r := f.reached(); r != "" {
		return r
	}
	if r := f.feedsOthers(); r != "" {
		return r
	}
	if f.parallel() {
		return Subtests
	}
	after := f.stmt
	if f.site.Open().Err >= 0 {
		if after = f.errorCheck(); after == nil {
			return Unchecked
		}
	}
	gone, r := f.plain()
	if r != "" {
		return r
	}
	pos := f.lineEnd(after)
	if !pos.IsValid() {
		return Layout
	}
	line := f.deferStatement(pos)
	lines := []string{line}
	f.fix.Message = "insert " + line
	if f.unsure && !f.used(f.site, nil, f.errorCheck()) {
		lines = unlessNil(f.target.Name(), lines)
		f.fix.Message += " if " + f.target.Name() + " is not nil"
	}
	f.fix.TextEdits = []analysis.TextEdit{check.Below(f.pass, after, pos, lines...)}
	for _, stmt := range gone {
		if _, ok := stmt.(*ast.DeferStmt); ok {
			f.fix.Message = "move " + line + " up"
		}
		f.fix.TextEdits = append(f.fix.TextEdits, check.Without(f.pass, stmt))
	}
	return ""
}

// reached finds how the resource is reached below its opening: by a variable, or
// by the field of a local owner.
func (f *fixer) reached() Reason {
	r := f.heldOrNil()
	if f.asserted != "" {
		return NoMethod
	}
	if (r == Nameless || r == Set) && f.open.Never && f.owned() == "" {
		return ""
	}
	return r
}

// feedsOthers says if another resource is opened with this one and
// lives longer than the function: a subscription does not survive its client.
func (f *fixer) feedsOthers() Reason {
	for _, fn := range f.prog.Funcs {
		if n := fn.Syntax(); n == nil || n.Pos() < f.fn.Pos() || f.fn.End() < n.End() {
			continue
		}
		for _, s := range f.lives.Sites(fn) {
			n := f.prog.Source().At(s.Instr())
			if n == nil || n == f.call || !f.mentions(n, f.holder) {
				continue
			}
			if putsThere(f, s, n) {
				continue // another one in its place
			}
			if c := f.lives.Course(s); c.GaveUp || c.Left || c.Given || c.Moved {
				return Feeds
			}
		}
	}
	return ""
}

// parallel reports whether a subtest may use the resource that waits until the
// function has returned, and then runs in parallel.
func (f *fixer) parallel() bool {
	parallel, captured := false, false
	ast.Inspect(f.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			parallel = parallel || n.Sel.Name == "Parallel"
		case *ast.FuncLit:
			captured = captured || f.mentions(n, f.holder)
		}
		return true
	})
	return parallel && captured
}

// plain decides what becomes of the plain releases that are there: those right
// before a return do the same as the deferred call and go; others stay, if
// they can be called twice. It reports false if they cannot.
func (f *fixer) plain() (gone []ast.Stmt, r Reason) {
	released, ok := f.lives.ReleasesOf(f.site)
	if !ok && !f.open.Never {
		return nil, TooMany
	}
	for _, event := range released {
		if stmt := f.tooLate(event); stmt != nil {
			if !slices.Contains(gone, stmt) {
				gone = append(gone, stmt)
			}
			continue
		}
		call, ok := f.prog.Source().At(event.Instr).(*ast.CallExpr)
		if !ok || event.Deferred || event.Instr.Parent() != f.site.Func() || !f.releases(call) {
			return nil, Elsewhere
		}
	}
	var stack []ast.Node
	ast.Inspect(f.body(), func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if d, is := n.(*ast.DeferStmt); is && slices.Contains(gone, ast.Stmt(d)) {
			return false
		}
		if call, is := n.(*ast.CallExpr); is && f.releases(call) {
			switch stmt := f.superfluous(call, stack); {
			case stmt != nil:
				gone = append(gone, stmt)
			case !f.twice:
				r = Twice
			}
		}
		stack = append(stack, n)
		return true
	})
	return gone, r
}

// tooLate returns the statement that defers a release, if it stands for itself:
// it is behind a return, and the new one takes its place.
func (f *fixer) tooLate(event lifetime.Release) ast.Stmt {
	d, ok := event.Instr.(*ssa.Defer)
	if !ok || d.Parent() != f.site.Func() {
		return nil
	}
	stmt := f.prog.Source().Defer(d.Pos())
	if stmt == nil || !f.releases(stmt.Call) {
		return nil
	}
	path, _ := astutil.PathEnclosingInterval(f.file, stmt.Pos(), stmt.End())
	at := slices.Index(path, ast.Node(stmt))
	if at < 0 || at+1 == len(path) {
		return nil
	}
	list := statements(path[at+1])
	n := slices.Index(list, ast.Stmt(stmt))
	if n < 0 || !f.alone(path[at+1], list, n) {
		return nil
	}
	return stmt
}

// releases reports whether a call is a release by the variable.
func (f *fixer) releases(call *ast.CallExpr) bool {
	if f.method == nil {
		return f.is(call.Fun, f.target)
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if ok && f.field != "" {
		if sel2, is := sel.X.(*ast.SelectorExpr); is && sel2.Sel.Name == f.field {
			return f.is(sel2.X, f.target) && slices.Contains(f.site.Open().Release, sel.Sel.Name)
		}
		return false
	}
	return ok && f.is(sel.X, f.target) && (sel.Sel.Name == f.method.Name() || slices.Contains(f.site.Open().Release, sel.Sel.Name))
}

// superfluous returns the statement that a release makes up, if the function
// returns right after it.
func (f *fixer) superfluous(call *ast.CallExpr, stack []ast.Node) ast.Stmt {
	var stmt ast.Stmt
	switch n := stack[len(stack)-1].(type) {
	case *ast.ExprStmt:
		stmt = n
	case *ast.AssignStmt:
		if id, ok := n.Lhs[0].(*ast.Ident); ok && len(n.Lhs) == 1 && id.Name == "_" {
			stmt = n
		}
	}
	if stmt == nil || len(stack) < 2 {
		return nil
	}
	block := stack[len(stack)-2]
	for _, n := range stack {
		if _, ok := n.(*ast.FuncLit); ok {
			return nil // what returns is another function
		}
	}
	list := statements(block)
	at := slices.Index(list, stmt)
	if at < 0 || !f.alone(block, list, at) {
		return nil
	}
	rest := list[at+1:]
	for _, s := range rest {
		if !f.quiet(s) {
			return nil
		}
	}
	if len(rest) == 0 {
		if block == f.body() {
			return stmt
		}
		return nil
	}
	if _, ok := rest[len(rest)-1].(*ast.ReturnStmt); !ok && block != f.body() {
		return nil
	}
	return stmt
}

// alone reports whether a statement has its lines for itself, and no comment
// is about it.
func (f *fixer) alone(block ast.Node, list []ast.Stmt, at int) bool {
	first, last := f.line(list[at].Pos()), f.line(list[at].End())
	before := block.Pos()
	if at > 0 {
		before = list[at-1].End()
	} else if c, ok := block.(*ast.CaseClause); ok {
		before = c.Colon
	} else if c, ok := block.(*ast.CommClause); ok {
		before = c.Colon
	}
	if f.line(before) == first || at+1 < len(list) && f.line(list[at+1].Pos()) == last {
		return false
	}
	if b, ok := block.(*ast.BlockStmt); ok && f.line(b.Rbrace) == last {
		return false
	}
	for _, c := range f.file.Comments {
		if f.line(c.End()) >= first-1 && f.line(c.Pos()) <= last && f.line(c.Pos()) > f.line(before) {
			return false
		}
		if f.line(c.Pos()) <= last && f.line(c.End()) >= first {
			return false
		}
	}
	return true
}

// quiet reports whether a statement does nothing that could wait for the
// release: it calls only what makes and writes texts.
func (f *fixer) quiet(s ast.Stmt) bool {
	switch s.(type) {
	case *ast.ReturnStmt, *ast.AssignStmt, *ast.ExprStmt:
	default:
		return false
	}
	ok := true
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			ok = false
		case *ast.UnaryExpr:
			ok = ok && n.Op != token.ARROW
		case *ast.CallExpr:
			switch callee := f.callee(n).(type) {
			case *types.Builtin, *types.TypeName:
			case *types.Func:
				row := f.prog.Table.Func(callee)
				ok = ok && callee.Pkg() != nil && slices.Contains([]string{"errors", "fmt", "strconv", "strings"}, callee.Pkg().Path()) &&
					(row == nil || !row.NoReturn)
			default:
				ok = ok && f.info.Types[n.Fun].IsType()
			}
		}
		return ok
	})
	return ok
}
