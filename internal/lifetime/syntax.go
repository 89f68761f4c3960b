package lifetime

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// A syntaxIndex finds the source of an acquisition, and the name that the
// code gives it.
type syntaxIndex struct {
	calls map[token.Pos]ast.Node // by the position that SSA gives a call or literal
	names map[ast.Node][]ast.Expr
}

func newSyntaxIndex(pass *analysis.Pass) *syntaxIndex {
	x := &syntaxIndex{map[token.Pos]ast.Node{}, map[ast.Node][]ast.Expr{}}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				x.calls[n.Lparen] = n
			case *ast.CompositeLit:
				x.calls[n.Lbrace] = n
			case *ast.AssignStmt:
				x.bind(n.Lhs, n.Rhs)
			case *ast.ValueSpec:
				lhs := make([]ast.Expr, len(n.Names))
				for i, name := range n.Names {
					lhs[i] = name
				}
				x.bind(lhs, n.Values)
			}
			return true
		})
	}
	return x
}

func (x *syntaxIndex) bind(lhs, rhs []ast.Expr) {
	if len(rhs) == 1 && len(lhs) > 1 {
		x.names[bare(rhs[0])] = lhs
		return
	}
	for i, r := range rhs {
		if i < len(lhs) {
			x.names[bare(r)] = lhs[i : i+1]
		}
	}
}

// bare looks through parentheses, type assertions and the & of a literal.
func bare(e ast.Expr) ast.Expr {
	for {
		switch y := e.(type) {
		case *ast.ParenExpr:
			e = y.X
		case *ast.TypeAssertExpr:
			e = y.X
		case *ast.UnaryExpr:
			if y.Op != token.AND {
				return e
			}
			e = y.X
		default:
			return e
		}
	}
}

// at returns the call or literal that an instruction stands for.
func (x *syntaxIndex) at(instr ssa.Instruction) ast.Node { return x.calls[instr.Pos()] }

// name returns the variable that a result of the call is bound to.
func (x *syntaxIndex) name(n ast.Node, at Place) string {
	lhs := x.names[n]
	if at.Param || at.Index >= len(lhs) {
		return ""
	}
	return exprName(lhs[at.Index])
}

// exprName writes a variable or field as the code does; "" for the blank one.
func exprName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		if e.Name != "_" {
			return e.Name
		}
	case *ast.SelectorExpr:
		if x := exprName(e.X); x != "" {
			return x + "." + e.Sel.Name
		}
	}
	return ""
}
