package options

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/program"
	"golang.org/x/tools/go/analysis"
)

// source finds the source of an instruction.
type source struct {
	index    *program.Source
	literals map[token.Pos]*ast.CompositeLit // by the brace, or by the variable that it is assigned to
	values   map[token.Pos]ast.Expr          // by the place that SSA gives the store of a value
}

func newSource(pass *analysis.Pass, index *program.Source) *source {
	src := &source{index: index, literals: map[token.Pos]*ast.CompositeLit{}, values: map[token.Pos]ast.Expr{}}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				src.literals[n.Lbrace] = n
				for _, elt := range n.Elts {
					if kv, ok := elt.(*ast.KeyValueExpr); ok {
						src.values[kv.Colon] = kv.Value
					}
				}
			case *ast.AssignStmt:
				if len(n.Lhs) == len(n.Rhs) && (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) {
					for i, l := range n.Lhs {
						src.assign(l, n.Rhs[i])
					}
				}
			case *ast.ValueSpec:
				if len(n.Names) == len(n.Values) {
					for i, l := range n.Names {
						src.assign(l, n.Values[i])
					}
				}
			}
			return true
		})
	}
	return src
}

func (src *source) assign(l, r ast.Expr) {
	switch l := l.(type) {
	case *ast.Ident:
		if lit, ok := ast.Unparen(r).(*ast.CompositeLit); ok {
			src.literals[l.Pos()] = lit
		}
	case *ast.SelectorExpr:
		src.values[l.Sel.Pos()] = r
	}
}

// name is a type as the file with a position names it.
func (src *source) name(pass *analysis.Pass, pos token.Pos, typ *types.TypeName) string {
	for _, file := range pass.Files {
		if pos < file.FileStart || file.FileEnd <= pos {
			continue
		}
		for _, spec := range file.Imports {
			if name := pass.TypesInfo.PkgNameOf(spec); name != nil && name.Imported() == typ.Pkg() {
				return name.Name() + "." + typ.Name()
			}
		}
	}
	return typ.Pkg().Name() + "." + typ.Name()
}

// argument is one of a call, or nil.
func (src *source) argument(pos token.Pos, i int) ast.Expr {
	if call := src.index.Call(pos); call != nil && i >= 0 && i < len(call.Args) {
		return call.Args[i]
	}
	return nil
}

// Int is a value as a whole number.
func Int(v Value) (int64, bool) {
	if v.Const == nil {
		return 0, v.kind == unset
	}
	n := constant.ToInt(v.Const)
	if n.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(n)
}
