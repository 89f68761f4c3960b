package repair

import (
	"slices"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers whether a call leaves a goroutine behind that works with the
// resource.

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
	fails := map[*ssa.BasicBlock]bool{}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && mayFail(ret) {
			fails[b] = true
		}
	}
	failing := ssaflow.CanReach(fn, fails)
	for _, b := range fn.Blocks {
		if !failing[b.Index] {
			continue
		}
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
