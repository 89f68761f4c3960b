package repair

import (
	"go/ast"
	"go/types"

	"github.com/redislint/redislint/internal/check"
	"golang.org/x/tools/go/analysis"
)

// This file divides a return statement that opens a resource and passes it to a
// function which may fail:
//
//	return newStore(redis.NewClient(opts))

// divided gives a name to the resource, and releases it if that call fails.
func divided(f *fixer) Reason {
	root, all, moves, ok := f.lives.Exits(f.open)
	open := f.site.Open()
	call, is := f.call.(*ast.CallExpr)
	if !ok || !is || root != f.site.Func() || open.At.Param || open.At.Func || open.At.Index != 0 || open.Cleanup >= 0 || open.Err >= 0 || f.inLoop() {
		return Layout
	}
	stmt, used := f.around(call)
	ret, is := stmt.(*ast.ReturnStmt)
	if !is || !used || !f.beginsLine(ret) || len(ret.Results) != 1 || f.line(ret.Pos()) != f.line(call.Pos()) && f.line(call.Pos()) != f.line(call.End()) {
		return Layout
	}
	if !f.certain(f.site) {
		return Nil
	}
	if len(all) != 1 || all[0].Pos != ret.Pos() || all[0].Closed || all[0].Taken || len(moves) > 0 {
		return Mixed
	}
	if r := f.mayUseAfter(f.site, all[0].At, true, true); r != "" {
		return r
	}
	if r := f.releasedBy(f.info.TypeOf(call), open); r != "" || f.asserted != "" {
		return NoMethod
	}
	name, text := f.ownName(ret), check.Text(f.pass, call)
	if name == "" || text == "" {
		return Nameless
	}
	f.target = types.NewVar(ret.Pos(), f.pass.Pkg, name, f.info.TypeOf(call))
	if r := f.releaseIfCallFails(exit{Exit: all[0], stmt: ret}, ret); r != "" {
		return r
	}
	first := &f.fix.TextEdits[0] // from the return statement to the call
	first.NewText = append(check.Above(f.pass, ret, name+" := "+text).NewText, first.NewText...)
	f.fix.TextEdits = append(f.fix.TextEdits, analysis.TextEdit{Pos: call.Pos(), End: call.End(), NewText: []byte(name)})
	f.fix.Message = "name it " + name + " and insert " + f.release() + " if " + f.onlyIf
	return ""
}
