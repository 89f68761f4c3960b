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
	"golang.org/x/tools/go/ssa"
)

// This file releases what the iterations of a loop have opened and put into a
// slice, where the function returns without it.

// A collector looks at such a loop.
type collector struct {
	*fixer
	loop ast.Stmt
	body *ast.BlockStmt
	add  *ast.AssignStmt // list = append(list, x)
	list *types.Var
	each string // the variable of the loops that release
}

// collected finds the releases before the returns that leave the slice behind.
func collected(f *fixer) Reason {
	if !f.inLoop() {
		return Layout
	}
	root, all, moves, ok := f.lives.Exits(f.open)
	if !ok || root != f.site.Func() || len(moves) > 0 || slices.ContainsFunc(f.open.Leaks, func(l lifetime.Leak) bool { return l.Again || l.WithError }) {
		return Loop
	}
	if r := f.held(); r != "" {
		return r
	}
	if r := f.checked(); r != "" {
		return r
	}
	c := &collector{fixer: f}
	if f.target != f.holder || f.field != "" || f.asserted != "" || !c.finds() {
		return Loop
	}
	if f.parallel() {
		return Subtests
	}
	return c.releases(all)
}

// finds finds the loop, and the slice that nothing but its last statement sets.
func (c *collector) finds() bool {
	c.body = c.loopBody()
	if c.body == nil || c.holder.Pos() < c.body.Lbrace {
		return false
	}
	path, _ := astutil.PathEnclosingInterval(c.file, c.body.Pos(), c.body.End())
	for _, n := range path {
		switch n := n.(type) {
		case *ast.ForStmt:
			c.loop = n
		case *ast.RangeStmt:
			c.loop = n
		}
		if c.loop != nil {
			break
		}
	}
	for _, s := range c.rest {
		a, ok := s.(*ast.AssignStmt)
		if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != 1 || len(a.Rhs) != 1 {
			continue
		}
		call, ok := a.Rhs[0].(*ast.CallExpr)
		if !ok || len(call.Args) != 2 || call.Ellipsis.IsValid() || !c.is(call.Args[1], c.holder) {
			continue
		}
		list, ok := c.prog.Source().Variable(a.Lhs[0]).(*types.Var)
		if fn, is := c.callee(call).(*types.Builtin); ok && is && fn.Name() == "append" && c.is(call.Args[0], list) {
			c.add, c.list = a, list
		}
	}
	if c.loop == nil || c.add == nil || c.list.Pos() < c.fixer.body().Pos() || c.loop.Pos() < c.list.Pos() || !c.beginsEmpty() {
		return false
	}
	elem, ok := c.list.Type().Underlying().(*types.Slice)
	if !ok || !types.Identical(elem.Elem(), c.holder.Type()) || !c.onlyCollects() {
		return false
	}
	c.each = c.newName(c.loop, nil, append([]string{strings.ToLower(c.list.Name()[:1])}, nameOf(elem.Elem())...)...)
	return c.each != ""
}

// beginsEmpty reports whether the slice is declared with nothing in it, and set
// by nothing but the loop.
func (c *collector) beginsEmpty() bool {
	for _, at := range c.prog.Source().Sets(c.list) {
		if at == c.add.Pos() {
			continue
		}
		s := c.prog.Source().Assign(at)
		if s == nil || s.Tok != token.DEFINE || len(s.Lhs) != 1 || len(s.Rhs) != 1 || !c.empty(s.Rhs[0]) {
			return false
		}
	}
	empty := true
	ast.Inspect(c.fixer.body(), func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if ok && slices.ContainsFunc(spec.Names, func(id *ast.Ident) bool { return c.info.Defs[id] == c.list }) {
			empty = len(spec.Values) == 0 || len(spec.Values) == 1 && c.empty(spec.Values[0])
		}
		return true
	})
	return empty && !c.addressed(c.list) && !c.captured(c.list)
}

// empty reports whether an expression is a new slice without elements.
func (c *collector) empty(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.CompositeLit:
		return len(e.Elts) == 0
	case *ast.CallExpr:
		fn, ok := c.callee(e).(*types.Builtin)
		if !ok || fn.Name() != "make" || len(e.Args) < 2 {
			return false
		}
		n := c.info.Types[e.Args[1]].Value
		return n != nil && n.ExactString() == "0"
	}
	return false
}

// onlyCollects reports whether nothing but its length is asked of the slice
// until the loop ends.
func (c *collector) onlyCollects() bool {
	allowed := map[*ast.Ident]bool{}
	ok := true
	ast.Inspect(c.fixer.body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n == c.add || n.Tok == token.DEFINE && len(n.Lhs) == 1 && c.is(n.Lhs[0], c.list) {
				return false
			}
		case *ast.CallExpr:
			if fn, is := c.callee(n).(*types.Builtin); is && (fn.Name() == "len" || fn.Name() == "cap") {
				if id, is := n.Args[0].(*ast.Ident); is {
					allowed[id] = true
				}
			}
		case *ast.Ident:
			ok = ok && (n.Pos() > c.loop.End() || c.info.Uses[n] != c.list || allowed[n])
		}
		return true
	})
	return ok
}

// releases adds the releases before the returns.
func (c *collector) releases(all []lifetime.Exit) Reason {
	var lines []string
	for _, e := range all {
		if !e.Open && !e.WithError {
			continue
		}
		ret, ok := c.returnAt(e.Pos).(*ast.ReturnStmt)
		switch {
		case e.Given || e.Taken || e.Closed || e.WithError:
			return Mixed
		case !ok || !c.beginsLine(ret) || len(lines) == few:
			return Layout
		case c.seen(c.list.Name(), ret.Pos()) != c.list:
			return OutOfScope
		case c.returnUses(ret) || c.mentions(ret, c.list):
			return Used
		}
		if r := c.mayUseAfterLoops(c.site, c.site.Func(), nil, e); r != "" {
			return r
		}
		one := *c.fixer
		one.target = types.NewVar(token.NoPos, c.pass.Pkg, c.each, c.holder.Type())
		loop := slices.Concat([]string{"for _, " + c.each + " := range " + c.list.Name() + " {"}, indented(one.plainLines(ret.Pos())), []string{"}"})
		if c.opensBefore(ret) {
			if c.seen(c.holder.Name(), ret.Pos()) != c.holder {
				return OutOfScope
			}
			loop = append(c.plainLines(ret.Pos()), loop...)
		}
		c.fix.TextEdits = append(c.fix.TextEdits, check.Above(c.pass, ret, loop...))
		lines = append(lines, fmt.Sprint(c.line(e.Pos)))
	}
	if len(lines) == 0 {
		return Layout
	}
	c.fix.Message = "release what " + c.list.Name() + " has before " + theReturns(lines)
	return ""
}

// opensBefore reports whether an iteration has opened another and not yet put it
// into the slice at a return.
func (c *collector) opensBefore(ret ast.Stmt) bool {
	if failed := c.errorCheck(); failed != nil && failed.Pos() <= ret.Pos() && ret.End() <= failed.End() {
		return false
	}
	return c.stmt.End() < ret.Pos() && ret.End() < c.add.Pos()
}

// mayUseAfterLoops says if something may use what any iteration has opened after
// the return that leaves it open, other than what a statement has put it into.
func (r *Result) mayUseAfterLoops(s lifetime.Site, root *ssa.Function, put ast.Node, e lifetime.Exit) Reason {
	o := r.later(s)
	o.until, o.again, o.failed, o.put = e.At, true, e.Failed, put
	if o.function(root, true) {
		return o.why
	}
	return ""
}

// puts reports whether an instruction is of the statement that puts the resource
// where it is known to be.
func (o *later) puts(instr ssa.Instruction) bool {
	return o.put != nil && o.put.Pos() <= instr.Pos() && instr.Pos() < o.put.End()
}
