package knowledge

import (
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers which calls have no effects, so that the same call asked
// twice is one condition.

// Pure reports whether a function computes its result from its arguments alone:
// it reads no memory but its own, writes none, and calls only such functions.
func (kn *Base) Pure(fn *ssa.Function) bool {
	return kn.effects.Meanwhile(fn, false, func() bool { return kn.pureNew(fn) })
}

func (kn *Base) pureNew(fn *ssa.Function) bool {
	if fn.Origin() != nil || fn.TypeParams().Len() > 0 {
		return false
	}
	if !kn.HasBody(fn) {
		obj, ok := fn.Object().(*types.Func)
		return ok && kn.Table.Pure(obj)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.BinOp, *ssa.Convert, *ssa.ChangeType, *ssa.Field, *ssa.Phi, *ssa.If, *ssa.Jump, *ssa.Return,
				*ssa.Extract, *ssa.DebugRef, *ssa.FieldAddr:
			case *ssa.Alloc:
				if instr.Heap {
					return false
				}
			case *ssa.UnOp:
				if instr.Op == token.ARROW || instr.Op == token.MUL && !ownVariable(instr.X) {
					return false
				}
			case *ssa.Store:
				if !ownVariable(instr.Addr) {
					return false
				}
			case *ssa.Index:
				if _, ok := instr.X.Type().Underlying().(*types.Basic); !ok {
					return false
				}
			case *ssa.Call:
				if b, ok := instr.Call.Value.(*ssa.Builtin); ok {
					if b.Name() != "len" && b.Name() != "min" && b.Name() != "max" {
						return false
					}
					continue
				}
				if callee := instr.Call.StaticCallee(); callee == nil || !kn.Pure(callee) {
					return false
				}
			default:
				return false
			}
		}
	}
	return true
}

// ownVariable reports whether an address is in a variable of the function.
func ownVariable(addr ssa.Value) bool {
	_, ok := ssaflow.Root(addr).(*ssa.Alloc)
	return ok
}
