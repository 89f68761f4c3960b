package repair

import (
	"cmp"
	"go/ast"
	"go/token"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/ssa"
)

// This file releases at the end of an iteration what each of them opens: a
// deferred call would run only when the function returns.

// atIterationEnd finds the release below the last statement of the loop that
// opens the resource, if every iteration gets there.
func (f *fixer) atIterationEnd(c lifetime.Course) Reason {
	if !f.open.Never || c.Left || c.Given || c.Moved || len(f.open.Moved) > 0 {
		return Loop
	}
	if r := f.held(); r != "" || f.asserted != "" {
		return cmp.Or(r, NoMethod)
	}
	body := f.loopBody()
	if body == nil || f.target != f.holder || !f.holder.Pos().IsValid() || f.holder.Pos() < body.Lbrace {
		return Loop
	}
	if f.site.Open().Err >= 0 && f.errorCheck() == nil {
		return Unchecked
	}
	rest := f.rest
	if f.site.Open().Err >= 0 {
		rest = rest[1:]
	}
	for _, s := range rest {
		if f.leavesIteration(s) {
			return Loop
		}
	}
	if f.derivesLive() {
		return Later
	}
	if r := f.mayUseLater(f.site); r != "" {
		return r
	}
	if r := f.feedsOthers(); r != "" {
		return r
	}
	last := body.List[len(body.List)-1]
	pos := f.lineEnd(last)
	if !pos.IsValid() || f.line(last.End()) == f.line(body.Rbrace) {
		return Layout
	}
	f.fix.TextEdits = []analysis.TextEdit{check.Below(f.pass, last, pos, f.releaseLines(pos)...)}
	f.fix.Message = "insert " + f.release() + " at the end of the iteration"
	return ""
}

// loopBody returns the body of the loop that the statement which opens the
// resource is one of, or nil.
func (f *fixer) loopBody() *ast.BlockStmt {
	path, _ := astutil.PathEnclosingInterval(f.file, f.stmt.Pos(), f.stmt.End())
	for i, n := range path {
		block, ok := n.(*ast.BlockStmt)
		if !ok || i+1 == len(path) {
			continue
		}
		switch path[i+1].(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return block
		}
		return nil
	}
	return nil
}

// leavesIteration reports whether a statement may end the iteration.
func (f *fixer) leavesIteration(s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt, *ast.LabeledStmt:
			found = true
		case *ast.BranchStmt:
			found = found || n.Tok != token.FALLTHROUGH
		}
		return !found
	})
	return found
}

// derivesLive reports whether something that is made with the resource needs
// it: a channel, a func, another handle.
func (f *fixer) derivesLive() bool {
	o := f.later(f.site)
	for v := range o.reach {
		switch v.(type) {
		case *ssa.Call, *ssa.Extract, *ssa.MakeClosure:
		default:
			continue
		}
		if o.live(v) && ssaflow.Bare(v) != o.opened {
			if x, ok := ssaflow.Bare(v).(*ssa.Extract); ok && x.Tuple == o.opened {
				continue
			}
			return true
		}
	}
	return false
}
