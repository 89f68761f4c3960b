package scope

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"
)

// A source finds the syntax of what the analysis found. It looks at the files
// when it is first asked.
type source struct {
	pass     *analysis.Pass
	calls    map[token.Pos]*ast.CallExpr
	assigns  []*ast.AssignStmt
	receives map[token.Pos]ast.Expr
}

func newSource(pass *analysis.Pass) *source { return &source{pass: pass} }

func (s *source) read() {
	if s.calls != nil {
		return
	}
	s.calls = map[token.Pos]*ast.CallExpr{}
	s.receives = map[token.Pos]ast.Expr{}
	for _, f := range s.pass.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				s.calls[n.Lparen] = n
			case *ast.AssignStmt:
				s.assigns = append(s.assigns, n)
			case *ast.RangeStmt:
				s.receives[n.For] = n.X
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					s.receives[n.OpPos] = n.X
				}
			}
			return true
		})
	}
}

// call returns the call whose arguments open at a position, or nil.
func (s *source) call(pos token.Pos) *ast.CallExpr {
	s.read()
	return s.calls[pos]
}

// receive returns the channel that is read at a position, or nil.
func (s *source) receive(pos token.Pos) ast.Expr {
	s.read()
	return s.receives[pos]
}

// assign returns the innermost assignment around a position, or nil.
func (s *source) assign(pos token.Pos) *ast.AssignStmt {
	s.read()
	var found *ast.AssignStmt
	for _, a := range s.assigns {
		if a.Pos() <= pos && pos < a.End() && (found == nil || a.Pos() >= found.Pos()) {
			found = a
		}
	}
	return found
}
