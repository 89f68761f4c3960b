package driver

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/redislint/redislint/internal/report"
)

// site is what the source around a diagnostic adds to it.
type site struct {
	fn      string   // the function declaration: "F", "T.M" or "(*T).M"
	mark    extent   // the expression or statement that it is about
	caret   extent   // the part of it to look at
	related []extent // the same of its related positions
	carets  []extent
	fold    string // what stands for it and its like, see report.Fold
	origin  report.Pos
	exits   []report.Pos
	noFix   string // why there is no fix
}

// extent is a region of source.
type extent struct{ pos, end token.Pos }

// site looks at the source around a diagnostic, whose resource gets away by
// the exits.
func (u *unit) site(d analysis.Diagnostic, exits []token.Pos) site {
	s := site{fn: funcName(u.decl(d.Pos)), mark: u.extent(d.Pos, d.End)}
	s.caret = u.caret(s.mark)
	for _, r := range d.Related {
		e := u.extent(r.Pos, r.End)
		s.related, s.carets = append(s.related, e), append(s.carets, u.caret(e))
	}
	s.origin = u.origin(d.Pos, s.mark)
	for _, pos := range exits {
		at := u.origin(pos, u.extent(pos, token.NoPos))
		if !slices.Contains(s.exits, at) {
			s.exits = append(s.exits, at)
		}
	}
	return s
}

// origin is the region around a position in the file itself, whatever //line
// says. What cgo has copied is where it was copied from.
func (u *unit) origin(pos token.Pos, around extent) report.Pos {
	real := u.fset.PositionFor(pos, false)
	adjusted := u.own != nil && !slices.Contains(u.own, real.Filename)
	if adjusted {
		real = u.fset.Position(pos)
	}
	at := report.Pos{File: real.Filename, Line: real.Line, Col: real.Column, EndLine: real.Line, EndCol: real.Column}
	if end := u.fset.PositionFor(around.end, adjusted); around.end.IsValid() && end.Filename == real.Filename && end.Line >= real.Line {
		at.EndLine, at.EndCol = end.Line, end.Column
	}
	return at
}

// decl is the function declaration around a position, or nil.
func (u *unit) decl(pos token.Pos) *ast.FuncDecl {
	f := u.file(pos)
	if f == nil {
		return nil
	}
	for _, decl := range f.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Pos() <= pos && pos < fn.End() {
			return fn
		}
	}
	return nil
}

// file is the file of the unit around a position, or nil.
func (u *unit) file(pos token.Pos) *ast.File {
	for _, f := range u.files {
		if f.FileStart <= pos && pos < f.FileEnd {
			return f
		}
	}
	return nil
}

// funcName names a function declaration. The name of none is empty.
func funcName(fn *ast.FuncDecl) string {
	switch {
	case fn == nil:
		return ""
	case fn.Recv == nil || len(fn.Recv.List) == 0:
		return fn.Name.Name
	}
	recv := types.ExprString(fn.Recv.List[0].Type)
	if strings.HasPrefix(recv, "*") {
		recv = "(" + recv + ")"
	}
	return recv + "." + fn.Name.Name
}

// extent is the region from pos to end. Without an end it is that of the
// expression or statement which has its own token at pos, as a call has its
// parenthesis and a comparison its operator.
func (u *unit) extent(pos, end token.Pos) extent {
	found := extent{pos, max(pos, end)}
	f := u.file(pos)
	if end.IsValid() || f == nil {
		return found
	}
	done := false
	ast.Inspect(f, func(n ast.Node) bool {
		if done || n == nil || pos < n.Pos() || n.End() <= pos {
			return false
		}
		if at, e := tokenOf(n); at == pos {
			found, done = e, true
		}
		return !done
	})
	return found
}

// caret is the part of a region that a reader has to look at: of a call what is
// called, of a composite literal its type, and otherwise all of it.
func (u *unit) caret(whole extent) extent {
	part := whole
	f := u.file(whole.pos)
	if f == nil || whole.end <= whole.pos {
		return part
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil || whole.pos < n.Pos() || n.End() < whole.end {
			return false
		}
		if n.Pos() == whole.pos && n.End() == whole.end {
			switch n := n.(type) {
			case *ast.CallExpr:
				part.end = n.Fun.End()
				if lit, ok := n.Fun.(*ast.FuncLit); ok {
					part.end = lit.Type.End()
				}
				return false
			case *ast.CompositeLit:
				if n.Type != nil {
					part.end = n.Type.End()
				}
				return false
			}
		}
		return true
	})
	return part
}

// tokenOf returns the position that stands for a node, and what of the node
// is to be seen. Statements with a body are seen without it.
func tokenOf(n ast.Node) (token.Pos, extent) {
	whole := extent{n.Pos(), n.End()}
	head := func(at token.Pos, last ast.Expr) (token.Pos, extent) {
		if last == nil {
			return at, extent{at, at}
		}
		return at, extent{at, last.End()}
	}
	switch n := n.(type) {
	case *ast.Ident, *ast.BasicLit, *ast.DeferStmt, *ast.GoStmt, *ast.BranchStmt, *ast.ReturnStmt, *ast.UnaryExpr, *ast.StarExpr:
		return n.Pos(), whole
	case *ast.BinaryExpr:
		return n.OpPos, whole
	case *ast.CallExpr:
		return n.Lparen, whole
	case *ast.SelectorExpr:
		return n.Sel.Pos(), whole
	case *ast.IndexExpr:
		return n.Lbrack, whole
	case *ast.SliceExpr:
		return n.Lbrack, whole
	case *ast.TypeAssertExpr:
		return n.Lparen, whole
	case *ast.CompositeLit:
		return n.Lbrace, whole
	case *ast.SendStmt:
		return n.Arrow, whole
	case *ast.AssignStmt:
		return n.TokPos, whole
	case *ast.IfStmt:
		return head(n.If, n.Cond)
	case *ast.ForStmt:
		return head(n.For, n.Cond)
	case *ast.RangeStmt:
		return head(n.For, n.X)
	case *ast.SwitchStmt:
		return head(n.Switch, n.Tag)
	case *ast.SelectStmt:
		return n.Select, extent{n.Select, n.Body.Lbrace}
	case *ast.FuncLit:
		return n.Pos(), extent{n.Pos(), n.Type.End()}
	case *ast.FuncDecl:
		return n.Pos(), extent{n.Pos(), n.Type.End()}
	case *ast.BlockStmt:
		return n.Rbrace, extent{n.Rbrace, n.Rbrace + 1}
	}
	return token.NoPos, whole
}
