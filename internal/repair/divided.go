package repair

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/check"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
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

// startsIn reports whether a call of a function of this package may leave a
// goroutine behind that works with what it is given. Where the exit that is asked
// about returns what the call does, and fails, what the function does on the ways
// to its success does not matter.
func (o *later) startsIn(call *ssa.CallCommon, fn *ssa.Function) bool {
	given := o.given(call, o.reach)
	if ret, ok := o.until.(*ssa.Return); ok && o.failed && passesOn(ret, call) {
		o.fails = true
		defer func() { o.fails = false }()
		return o.spawnsAndFails(fn, given)
	}
	return o.spawns(fn, given)
}

// passesOn reports whether a return has the results of a call as they are.
func passesOn(ret *ssa.Return, call *ssa.CallCommon) bool {
	if len(ret.Results) < 2 {
		return false
	}
	for i, v := range ret.Results {
		x, ok := v.(*ssa.Extract)
		if !ok || x.Index != i {
			return false
		}
		from, ok := x.Tuple.(*ssa.Call)
		if !ok || from.Common() != call {
			return false
		}
	}
	return true
}

// spawnsAndFails reports whether a function may start a goroutine that works with
// some of its parameters, and return an error after that. What a method of an
// interface begins is no reason to leave open what nobody gets.
func (o *later) spawnsAndFails(fn *ssa.Function, params []int) bool {
	if len(fn.AnonFuncs) > 0 || fn.Recover != nil {
		return o.spawns(fn, params)
	}
	var from []ssa.Value
	for _, i := range params {
		if i < len(fn.Params) {
			from = append(from, fn.Params[i])
		}
	}
	reach := ssaflow.ReachBy(o.carriesOn, from...)
	failing := map[*ssa.BasicBlock]bool{}
	var work []*ssa.BasicBlock
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && mayFail(ret) {
			work = append(work, b)
		}
	}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if !failing[b] {
			failing[b] = true
			work = append(work, b.Preds...)
		}
	}
	for b := range failing {
		ret, _ := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || ret == nil || !passesOn(ret, &call.Call) {
				if o.startsBy(instr, reach) {
					return true
				}
				continue
			}
			callee := call.Call.StaticCallee()
			key := "fails"
			if callee != nil {
				key += callee.RelString(nil)
			}
			switch {
			case callee == nil || callee.Parent() != nil || len(callee.Blocks) == 0 || o.looked[key]:
				if o.startsBy(instr, reach) {
					return true
				}
			default:
				o.looked[key] = true
				if o.spawnsAndFails(callee, o.given(&call.Call, reach)) {
					return true
				}
			}
		}
	}
	return false
}

// mayFail reports whether a return may have an error.
func mayFail(ret *ssa.Return) bool {
	if len(ret.Results) == 0 {
		return false
	}
	last, ok := ret.Results[len(ret.Results)-1].(*ssa.Const)
	return !ok || !last.IsNil()
}

// startsBy reports whether an instruction starts a goroutine with what reaches it,
// or may have it started by others.
func (o *later) startsBy(instr ssa.Instruction, reach ssaflow.Reach) bool {
	switch instr := instr.(type) {
	case *ssa.Go:
		return slices.ContainsFunc(operands(instr), func(v ssa.Value) bool { return reach[v] })
	case *ssa.Send:
		return reach[instr.X]
	case ssa.CallInstruction:
		return o.mayStart(instr.Common(), reach)
	}
	return false
}
