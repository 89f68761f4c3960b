package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// This file answers where a condition stands. The instruction that branches
// has no position, and the value that it asks has that of its making: of a
// flag, where it was set. People look for the condition in the if.

// Conditions know where conditions stand. A function's are collected once.
type Conditions struct {
	info  *types.Info
	exprs map[ast.Node][]ast.Expr
	pos   map[ssa.Instruction]token.Pos
}

// At is the position of a condition that a path took, or of its value if the
// condition cannot be found.
func (x *Conditions) At(instr ssa.Instruction) token.Pos {
	pos, ok := x.pos[instr]
	if !ok {
		pos = x.find(instr)
		x.pos[instr] = pos
	}
	return pos
}

func (x *Conditions) find(instr ssa.Instruction) token.Pos {
	branch, ok := instr.(*ssa.If)
	if !ok {
		return instr.Pos()
	}
	made := branch.Cond.Pos()
	if e, ok := branch.Cond.(*ssa.Extract); ok {
		made = e.Tuple.Pos()
	}
	fn := branch.Parent().Syntax()
	if fn == nil || !made.IsValid() {
		return made
	}
	conds, ok := x.exprs[fn]
	if !ok {
		conds = branchedOn(fn)
		x.exprs[fn] = conds
	}
	if slices.ContainsFunc(conds, func(c ast.Expr) bool { return c.Pos() <= made && made < c.End() }) {
		return made
	}
	asked := variable(x.info, fn, branch.Cond, made)
	if asked == nil {
		return made
	}
	// Of several conditions that ask it, this is the last one before what
	// the branch leads to.
	next := nextPos(branch.Block(), branch.Block(), 8)
	at := token.NoPos
	for _, c := range conds {
		for _, id := range leaves(c) {
			if x.info.Uses[id] == asked && (!at.IsValid() || !next.IsValid() || id.Pos() < next) {
				at = id.Pos()
			}
		}
	}
	if at.IsValid() {
		return at
	}
	return made
}

// NewConditions returns the conditions of a package, of which none is looked up yet.
func NewConditions(info *types.Info) *Conditions {
	return &Conditions{info, map[ast.Node][]ast.Expr{}, map[ssa.Instruction]token.Pos{}}
}

// branchedOn lists the expressions that the statements of a function branch
// on, in their order. Those of function literals inside are not its own.
func branchedOn(fn ast.Node) []ast.Expr {
	var list []ast.Expr
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return n == fn
		case *ast.IfStmt:
			list = append(list, n.Cond)
		case *ast.ForStmt:
			if n.Cond != nil {
				list = append(list, n.Cond)
			}
		case *ast.CaseClause:
			list = append(list, n.List...)
		}
		return true
	})
	return list
}

// leaves lists the variables that a condition asks directly.
func leaves(e ast.Expr) []*ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return []*ast.Ident{e}
	case *ast.ParenExpr:
		return leaves(e.X)
	case *ast.UnaryExpr:
		return leaves(e.X)
	case *ast.BinaryExpr:
		if e.Op == token.LAND || e.Op == token.LOR {
			return append(leaves(e.X), leaves(e.Y)...)
		}
	}
	return nil
}

// variable is the variable of the source that holds a value which was made at
// a position, or nil if that is not known.
func variable(info *types.Info, fn ast.Node, v ssa.Value, made token.Pos) types.Object {
	index := -1
	switch v := v.(type) {
	case *ssa.Parameter:
		return v.Object()
	case *ssa.Extract:
		index = v.Index
	}
	var found types.Object
	ast.Inspect(fn, func(n ast.Node) bool {
		if n == nil || made < n.Pos() || n.End() <= made {
			return n == fn // a type that is given first may lie before the body
		}
		switch n := n.(type) {
		case *ast.Ident: // where a variable is declared that has several values
			if obj := info.Defs[n]; obj != nil && n.Pos() == made {
				found = obj
			}
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				id, ok := lhs.(*ast.Ident)
				if ok && (index == i || index < 0 && len(n.Rhs) == len(n.Lhs) && n.Rhs[i].Pos() <= made && made < n.Rhs[i].End()) {
					found = info.ObjectOf(id)
				}
			}
		}
		return true
	})
	return found
}

// nextPos is the first position, in the source, of what runs after a block,
// without what a loop begins anew. Blocks that have none are looked through.
func nextPos(from, b *ssa.BasicBlock, depth int) token.Pos {
	first := token.NoPos
	if depth == 0 {
		return first
	}
	for _, s := range b.Succs {
		if s.Dominates(from) {
			continue
		}
		p := firstPos(s)
		if !p.IsValid() {
			p = nextPos(from, s, depth-1)
		}
		if p.IsValid() && (!first.IsValid() || p < first) {
			first = p
		}
	}
	return first
}

// firstPos is the first position in a block.
func firstPos(b *ssa.BasicBlock) token.Pos {
	for _, instr := range b.Instrs {
		if _, ok := instr.(*ssa.Phi); ok { // it has that of its variable
			continue
		}
		if p := instr.Pos(); p.IsValid() {
			return p
		}
	}
	return token.NoPos
}
