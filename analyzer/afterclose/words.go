package afterclose

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/lifetime"
	"golang.org/x/tools/go/analysis"
)

// releasing names the call that releases a resource: "c.Close", or "shutdown
// closed it" of a function that does it on the way.
func releasing(pass *analysis.Pass, r *lifetime.Resource, pos token.Pos) string {
	call := callAt(pass, pos)
	if call == nil {
		return "it was " + r.Verb()
	}
	name := types.ExprString(call.Fun)
	if sel, ok := call.Fun.(*ast.SelectorExpr); r.Cleanup || ok && slices.Contains(r.Release, sel.Sel.Name) {
		return name
	}
	if _, ok := call.Fun.(*ast.FuncLit); ok {
		return "it was " + r.Verb()
	}
	return name + " " + r.Verb() + " it"
}

// deferred names a deferred release: "c.Close".
func deferred(d lifetime.EarlyDefer) string {
	if _, ok := d.Defer.Call.Fun.(*ast.FuncLit); ok {
		return "the function that releases " + d.Subject(types.ExprString)
	}
	return types.ExprString(d.Defer.Call.Fun)
}

// callAt is the call that begins at a position or has its parenthesis there, or
// nil.
func callAt(pass *analysis.Pass, pos token.Pos) *ast.CallExpr {
	var found *ast.CallExpr
	for _, f := range pass.Files {
		if pos < f.FileStart || f.FileEnd <= pos {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && (call.Lparen == pos || found == nil && call.Pos() == pos) {
				found = call
			}
			return n != nil && n.Pos() <= pos && pos < n.End()
		})
	}
	return found
}
