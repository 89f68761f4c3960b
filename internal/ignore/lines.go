package ignore

import (
	"go/ast"
	"go/token"
)

// Lines answers about one file where code stands. It counts lines as the file
// has them, whatever //line says.
type Lines struct {
	fset *token.FileSet
	file *ast.File
	code map[int]bool // lines that hold code
}

// NewLines returns the answers about a file, which has its comments.
func NewLines(fset *token.FileSet, file *ast.File) *Lines {
	l := &Lines{fset: fset, file: file, code: map[int]bool{}}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.File:
			return true
		case *ast.Comment, *ast.CommentGroup:
			return false
		}
		l.code[l.Of(n.Pos())] = true
		l.code[l.Of(n.End()-1)] = true
		return true
	})
	l.code[l.Of(file.Package)] = true
	return l
}

// Of is the line of a position.
func (l *Lines) Of(pos token.Pos) int { return l.fset.PositionFor(pos, false).Line }

// Trails reports whether a comment stands behind code.
func (l *Lines) Trails(c *ast.Comment) bool { return l.code[l.Of(c.Pos())] }

// A Span is the lines of the statement around a position: where it begins, and
// where it ends or its block begins.
type Span struct{ First, Last int }

// Around returns the lines of the innermost statement, specification or
// function head around a position.
func (l *Lines) Around(pos token.Pos) Span {
	line := l.Of(pos)
	span := Span{line, line}
	ast.Inspect(l.file, func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || n.End() <= pos {
			_, isFile := n.(*ast.File)
			return isFile
		}
		if end := head(n); end.IsValid() {
			span = Span{l.Of(n.Pos()), l.Of(end)}
			if pos > end {
				span = Span{line, line} // in the block, between its statements
			}
		}
		return true
	})
	return span
}

// head is the last position of a statement without its block, or none if the
// node is no statement.
func head(n ast.Node) token.Pos {
	switch n := n.(type) {
	case *ast.IfStmt:
		return n.Body.Lbrace
	case *ast.ForStmt:
		return n.Body.Lbrace
	case *ast.RangeStmt:
		return n.Body.Lbrace
	case *ast.SwitchStmt:
		return n.Body.Lbrace
	case *ast.TypeSwitchStmt:
		return n.Body.Lbrace
	case *ast.SelectStmt:
		return n.Body.Lbrace
	case *ast.CaseClause:
		return n.Colon
	case *ast.CommClause:
		return n.Colon
	case *ast.LabeledStmt:
		return n.Colon
	case *ast.FuncDecl:
		if n.Body == nil {
			return n.End() - 1
		}
		return n.Body.Lbrace
	case *ast.BlockStmt:
		return token.NoPos
	case *ast.ValueSpec, *ast.TypeSpec, ast.Stmt:
		return n.End() - 1
	}
	return token.NoPos
}
