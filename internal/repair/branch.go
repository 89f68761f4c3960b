package repair

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/lifetime"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// This file releases in the branch of an if statement that forgets what the
// other branch hands on.

// inBranch finds the release at the end of that branch. Before the if statement
// the resource is only used, and after it nothing has it by its name.
func (f *fixer) inBranch() Reason {
	root, exits, moves, ok := f.lives.Exits(f.open)
	if !ok {
		return TooMany
	}
	if root != f.site.Func() {
		return Elsewhere
	}
	if slices.ContainsFunc(f.open.Leaks, func(l lifetime.Leak) bool { return l.Again || l.WithError }) || f.inLoop() {
		return Loop
	}
	if r := f.held(); r != "" {
		return r
	}
	if r := f.checked(); r != "" {
		return r
	}
	if f.target != f.holder || f.asserted != "" || f.parallel() {
		return Mixed
	}
	if f.holder.Pos() < f.stmt.Pos() {
		return Mixed // it is seen outside the block, too
	}
	var fork *ast.IfStmt
	rest := f.rest
	if c := f.errorCheck(); c != nil {
		rest = rest[1:]
	}
	for i, s := range rest {
		if s, is := s.(*ast.IfStmt); is && f.handsOn(s) {
			if slices.ContainsFunc(rest[i+1:], func(s ast.Stmt) bool { return f.mentions(s, f.holder) }) {
				return Mixed
			}
			fork = s
			break
		}
		if f.leavesIteration(s) || !f.onlyCalled(s) {
			return Mixed
		}
	}
	if fork == nil || fork.Init != nil && !f.onlyCalled(fork.Init) || !f.onlyCalled(fork.Cond) {
		return Mixed
	}
	handing, forgetting := fork.Body, elseOf(fork)
	if !f.handsOnAtOnce(handing) {
		handing, forgetting = forgetting, fork.Body
		if handing == nil || !f.handsOnAtOnce(handing) {
			return Mixed
		}
	}
	// What is handed on may leak elsewhere; that is not repaired here.
	released, ok := f.lives.ReleasesOf(f.site)
	if !ok || slices.ContainsFunc(released, func(r lifetime.Release) bool { return r.Instr.Parent() == root && !within(r.Instr, handing) }) {
		return Mixed
	}
	for _, e := range exits {
		if (e.Open || e.WithError) && !e.Given && !e.Taken && !e.Closed && !slices.ContainsFunc(moves, func(m ssa.Instruction) bool { return within(m, handing) }) {
			return Mixed
		}
	}
	if slices.ContainsFunc(moves, func(m ssa.Instruction) bool { return m.Pos().IsValid() && m.Pos() < fork.Pos() }) {
		return Shared
	}
	if forgetting == nil {
		return f.insertElse(fork)
	}
	if !f.onlyCalled(forgetting) || f.leavesIteration(forgetting) || len(forgetting.List) == 0 {
		return Mixed
	}
	last := forgetting.List[len(forgetting.List)-1]
	pos := f.lineEnd(last)
	if !pos.IsValid() || f.line(last.End()) == f.line(forgetting.Rbrace) || f.seen(f.target.Name(), last.End()) != f.target {
		return Layout
	}
	f.fix.TextEdits = []analysis.TextEdit{check.Below(f.pass, last, pos, f.releaseLines(pos)...)}
	f.fix.Message = "insert " + f.release() + " at the end of the branch that does not pass it on"
	return ""
}

// insertElse releases in a new else branch.
func (f *fixer) insertElse(fork *ast.IfStmt) Reason {
	if fork.Else != nil || f.comments(fork.Body.Rbrace, f.lineEnd(fork)) {
		return Mixed
	}
	lines := append(append([]string{"{"}, indented(f.releaseLines(fork.Body.Rbrace))...), "}")
	edit := check.Below(f.pass, fork, fork.End(), lines...)
	edit.NewText = append([]byte(" else "), edit.NewText[slices.Index(edit.NewText, '{'):]...)
	f.fix.TextEdits = []analysis.TextEdit{edit}
	f.fix.Message = "insert else with " + f.release()
	return ""
}

// elseOf is the block of an else branch, or nil.
func elseOf(s *ast.IfStmt) *ast.BlockStmt {
	b, _ := s.Else.(*ast.BlockStmt)
	return b
}

func within(instr ssa.Instruction, b *ast.BlockStmt) bool {
	return b.Pos() <= instr.Pos() && instr.Pos() < b.End()
}

// handsOn reports whether a branch of an if statement hands the resource on.
func (f *fixer) handsOn(s *ast.IfStmt) bool {
	if _, chain := s.Else.(*ast.IfStmt); chain {
		return false
	}
	b := elseOf(s)
	return f.handsOnAtOnce(s.Body) || b != nil && f.handsOnAtOnce(b)
}

// handsOnAtOnce reports whether a block assigns the variable to another, or
// starts a goroutine with it, before anything in it can leave.
func (f *fixer) handsOnAtOnce(b *ast.BlockStmt) bool {
	for _, s := range b.List {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.ASSIGN && slices.ContainsFunc(s.Rhs, func(e ast.Expr) bool { return f.is(e, f.holder) }) {
				return true
			}
		case *ast.GoStmt:
			if slices.ContainsFunc(s.Call.Args, func(e ast.Expr) bool { return f.is(e, f.holder) }) {
				return true
			}
		}
		if f.leavesIteration(s) {
			return false
		}
	}
	return false
}

// onlyCalled reports whether a node does no more with the resource than to call
// its methods, of which none returns what needs it on.
func (f *fixer) onlyCalled(n ast.Node) bool {
	ok := true
	called := map[*ast.Ident]bool{}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.GoStmt, *ast.DeferStmt:
			ok = ok && !f.mentions(n, f.holder)
		case *ast.CallExpr:
			sel, is := n.Fun.(*ast.SelectorExpr)
			if !is || !f.is(sel.X, f.holder) {
				return true
			}
			if id, is := ast.Unparen(sel.X).(*ast.Ident); is {
				called[id] = !f.needsOn(n)
			}
		case *ast.Ident:
			ok = ok && (f.info.ObjectOf(n) != f.holder || called[n])
		}
		return ok
	})
	return ok
}

// needsOn reports whether what a call returns needs the resource on: a channel,
// a func, a handle.
func (f *fixer) needsOn(call *ast.CallExpr) bool {
	t := f.info.TypeOf(call)
	if t == nil {
		return false
	}
	results, ok := t.(*types.Tuple)
	if !ok {
		results = types.NewTuple(types.NewVar(token.NoPos, nil, "", t))
	}
	for v := range results.Variables() {
		t := v.Type()
		if p, ok := types.Unalias(t).(*types.Pointer); ok {
			t = p.Elem()
		}
		switch t.Underlying().(type) {
		case *types.Chan, *types.Signature:
			return true
		}
		if n, ok := types.Unalias(t).(*types.Named); ok && f.prog.Table.Type(n.Obj()) != nil {
			return true
		}
	}
	return false
}
