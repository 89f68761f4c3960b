package repair

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file releases in a function what a literal in it opens, which has run when
// the call that it is passed to returns: a once.Do opens what the rest asks.

// withinLiteral finds the releases before the returns that leave open what a
// literal has put into a field of a local owner.
func withinLiteral(f *fixer) Reason {
	root, all, moves, ok := f.lives.Exits(f.open)
	lit := f.site.Func()
	if root == lit {
		return Layout
	}
	if !ok || root == lit || lit.Parent() != root || len(moves) > 0 || f.open.Never || slices.ContainsFunc(f.open.Leaks, func(l lifetime.Leak) bool { return l.Again || l.WithError }) {
		return Elsewhere
	}
	call := f.runs(lit)
	if call == nil || ssaflow.Loops(root)[call.Block().Index] || f.inLoop() || !f.certain(f.site) || f.site.Open().Err >= 0 {
		return Elsewhere
	}
	if r := f.locate(); r != "" {
		return r
	}
	open := f.site.Open()
	sel, ok := f.prog.Source().Bound(f.call, open.At.Index).(*ast.SelectorExpr)
	if !ok || open.At.Param || open.At.Func || open.At.Shape != "" || !slices.Contains(f.body().List, f.stmt) {
		return Elsewhere
	}
	field, _ := f.info.Uses[sel.Sel].(*types.Var)
	owner, _ := f.prog.Source().Variable(sel.X).(*types.Var)
	g := *f
	g.fn = root.Syntax()
	if field == nil || owner == nil || g.fn == nil || f.own(owner) || !g.own(owner) || g.addressed(owner) || !g.setOnce(owner, field) {
		return Elsewhere
	}
	g.holder, g.target, g.field = owner, owner, field.Name()
	open.Cleanup, open.At = -1, facts.Place{}
	if r := g.releasedBy(field.Type(), open); r != "" || g.asserted != "" {
		return Elsewhere
	}
	var lines []string
	for _, e := range all {
		if !e.Open {
			continue
		}
		ret, ok := g.returnAt(e.Pos).(*ast.ReturnStmt)
		switch {
		case e.Given || e.Taken || e.Closed || e.WithError || !e.Failed:
			return Mixed
		case !ok || !g.beginsLine(ret) || g.returnUses(ret):
			return Layout
		case !g.askedBefore(call, e.At, field):
			return Nil
		case g.seen(owner.Name(), ret.Pos()) != owner:
			return OutOfScope
		}
		if r := f.mayUseAfterLoops(f.site, root, f.stmt, e); r != "" {
			return r
		}
		if r := g.releaseBefore(exit{Exit: e, stmt: ret}); r != "" {
			return r
		}
		lines = append(lines, fmt.Sprint(f.line(e.Pos)))
	}
	if len(lines) == 0 || len(lines) > few {
		return Layout
	}
	f.fix = g.fix
	f.fix.Message = "insert " + g.release() + " before " + theReturns(lines)
	return ""
}

// runs returns the call of the enclosing function that runs a literal, and has
// done so when it returns.
func (r *Result) runs(lit *ssa.Function) *ssa.Call {
	var found *ssa.Call
	for _, b := range lit.Parent().Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			for i, a := range funcArgs(&call.Call) {
				if m, ok := a.(*ssa.MakeClosure); ok && m.Fn == lit {
					if found != nil || !runsMeanwhile((&later{Result: r}).row(&call.Call), i) || len(*m.Referrers()) != 1 {
						return nil
					}
					found = call
				}
			}
		}
	}
	return found
}

// askedBefore reports whether a function has asked what a field holds for
// something, on every path from a call to a return: there is something in it.
func (r *Result) askedBefore(call *ssa.Call, ret ssa.Instruction, field *types.Var) bool {
	if !follows(call, ret) {
		return false
	}
	for _, b := range call.Parent().Blocks {
		for _, instr := range b.Instrs {
			v := readOf(instr, field)
			if v == nil || !follows(call, instr) || !follows(instr, ret) {
				continue
			}
			for _, ref := range *v.Referrers() {
				load, ok := ref.(*ssa.UnOp)
				if ok && slices.ContainsFunc(*load.Referrers(), func(use ssa.Instruction) bool { return asks(use, load) && follows(use, ret) }) {
					return true
				}
			}
		}
	}
	return false
}

// asks reports whether an instruction asks a value for a field or a method.
func asks(instr ssa.Instruction, v ssa.Value) bool {
	switch instr := instr.(type) {
	case *ssa.FieldAddr:
		return instr.X == v
	case *ssa.Call:
		c := &instr.Call
		return c.IsInvoke() && c.Value == v || !c.IsInvoke() && c.Signature().Recv() != nil && len(c.Args) > 0 && c.Args[0] == v
	}
	return false
}
