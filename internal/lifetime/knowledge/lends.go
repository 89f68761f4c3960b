package knowledge

import (
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers by which method a type is ended, which methods lend what it
// holds, and where its fields are only filled.

// Lends reports whether a method gives out what its receiver goes on to hold: it
// takes nothing out, and the type has another method that ends it.
func Lends(kn *Base, fn *ssa.Function) bool {
	recv := fn.Signature.Recv()
	if recv == nil || fn.Parent() != nil {
		return false
	}
	owner := ssaflow.Named(recv.Type())
	if owner == nil {
		return false
	}
	if m := Ending(owner); m == nil || m == fn.Object() {
		return false
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if _, local := instr.Addr.(*ssa.Alloc); !local && kn.CanHold(instr.Val.Type()) {
					return false
				}
			case *ssa.UnOp:
				if instr.Op == token.ARROW {
					return false
				}
			case *ssa.Call:
				if b, ok := instr.Call.Value.(*ssa.Builtin); ok && (b.Name() == "delete" || b.Name() == "clear") {
					return false
				}
			}
		}
	}
	return true
}

// Ending returns the method by which users of a type end it, going by its name.
func Ending(owner *types.Named) *types.Func {
	var best *types.Func
	for m := range owner.Methods() {
		if Ends(m) && (best == nil || CloserRank(m.Name()) < CloserRank(best.Name())) {
			best = m
		}
	}
	return best
}

// OnlyFilled reports whether a container is read for nothing but to put something
// into it, or to ask how much is in it.
func OnlyFilled(container *ssa.UnOp) bool {
	for _, ref := range *container.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MapUpdate:
			if ref.Map != container || ref.Value == container {
				return false
			}
		case *ssa.IndexAddr:
			if !OnlyStored(ref) {
				return false
			}
		case *ssa.Call:
			if b, ok := ref.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" && b.Name() != "cap" {
				return false
			}
		case *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}

// OnlyStored reports whether an address is only there to store something.
func OnlyStored(addr ssa.Value) bool {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != addr {
				return false
			}
		case *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}
