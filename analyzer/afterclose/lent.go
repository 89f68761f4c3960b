package afterclose

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/scope"
	"golang.org/x/tools/go/analysis"
)

// reportLent reports a release of what was only lent.
func reportLent(pass *analysis.Pass, c scope.Closing) {
	client := cmp.Or(c.Client, "the client")
	scope := cmp.Or(c.Scope, "the scope")
	message := fmt.Sprintf("this callback closes %s, which %s closes itself; remove %s", client, scope, check.Call(c.Call))
	if c.Helper {
		message = fmt.Sprintf("%s closes %s in this callback, and %s closes it itself; leave it open", types.ExprString(c.Call.Fun), client, scope)
	}
	d := analysis.Diagnostic{
		Pos: c.Call.Pos(), End: c.Call.End(),
		Message: message,
	}
	if !c.Helper {
		if stmt := statement(pass, c.Call); stmt != nil {
			d.SuggestedFixes = []analysis.SuggestedFix{{
				Message:   "remove " + types.ExprString(c.Call),
				TextEdits: []analysis.TextEdit{{Pos: stmt.Pos(), End: stmt.End()}},
			}}
		}
	}
	check.Report(pass, d)
}

// reportBorrowed reports a release of what others go on to use.
func reportBorrowed(pass *analysis.Pass, b scope.Borrowing) {
	check.Report(pass, analysis.Diagnostic{
		Pos: b.Call.Pos(), End: b.Call.End(),
		Message: fmt.Sprintf("%s is shared, but is %s on every call of %s; leave that to its owner", b.Client, b.Verb, b.Func),
	})
}

// reportEnded reports a deferred call whose context may have ended by then.
func reportEnded(pass *analysis.Pass, e scope.Ended) {
	why := [...]string{
		scope.OfRequest: "ends when the client disconnects",
		scope.Timed:     "has a deadline",
		scope.Canceled:  "is canceled before",
		scope.Awaited:   "may be why the function returns",
	}[e.Why]
	message := fmt.Sprintf("deferred %s may do nothing: %s %s; pass context.WithoutCancel(%s) with a timeout",
		types.ExprString(e.Call.Fun), e.Ctx, why, e.Ctx)
	if e.What != "" {
		message = fmt.Sprintf("%s defers %s, which may do nothing: %s %s; pass context.WithoutCancel there",
			types.ExprString(e.Call.Fun), e.What, e.Ctx, why)
	}
	check.Report(pass, analysis.Diagnostic{Pos: e.Call.Pos(), End: e.Call.End(), Message: message})
}

// statement is the statement that a call is the whole of, or nil.
func statement(pass *analysis.Pass, call *ast.CallExpr) ast.Stmt {
	var found ast.Stmt
	for _, f := range pass.Files {
		if call.Pos() < f.FileStart || f.FileEnd <= call.Pos() {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.DeferStmt:
				if n.Call == call {
					found = n
				}
			case *ast.ExprStmt:
				if n.X == call {
					found = n
				}
			}
			return n != nil && n.Pos() <= call.Pos() && call.Pos() < n.End()
		})
	}
	return found
}
