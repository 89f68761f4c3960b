package lifetime

import (
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers which calls have no effects, so that the same call asked
// twice is one condition.

// maxNesting bounds the operations within an operation that a term remembers.
const maxNesting = 4

// pureCall returns the term of a call without effects, or nil.
func (s *evaluator) pureCall(st *state, call *ssa.Call) *heap.Term {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
		return s.length(s.eval(st, call.Call.Args[0]))
	}
	callee := call.Call.StaticCallee()
	if callee == nil || call.Call.Signature().Results().Len() != 1 || !s.e.know.pure(callee) {
		return nil
	}
	args := make([]*heap.Term, len(call.Call.Args))
	for i, a := range call.Call.Args {
		x := s.eval(st, a)
		if !x.Known() || x.Op == heap.Tracked || x.Op == heap.OpenErr || x.Nesting() >= maxNesting {
			return nil
		}
		args[i] = x
	}
	return s.pool.Pure(callee, args)
}

// length is the length of a container or text, or nil.
func (s *evaluator) length(x *heap.Term) *heap.Term {
	if p := s.pool.Pointee(x); p != nil && p.Path == "" {
		return s.pool.Len(p.X)
	}
	if x.Op == heap.Nil {
		return s.pool.Zero
	}
	return nil
}

// pure reports whether a function computes its result from its arguments alone:
// it reads no memory but its own, writes none, and calls only such functions.
func (kn *knowledge) pure(fn *ssa.Function) bool {
	return kn.effects.meanwhile(fn, false, func() bool { return kn.pureNew(fn) })
}

func (kn *knowledge) pureNew(fn *ssa.Function) bool {
	if fn.Origin() != nil || fn.TypeParams().Len() > 0 {
		return false
	}
	if !kn.hasBody(fn) {
		obj, ok := fn.Object().(*types.Func)
		return ok && kn.table.Pure(obj)
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
				if callee := instr.Call.StaticCallee(); callee == nil || !kn.pure(callee) {
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

// writtenOnce reports whether a local variable is set once and only read
// afterwards, also by literals: what is in it never changes.
func (gs *graphs) writtenOnce(a *ssa.Alloc) bool {
	return gs.once.of(a, func() bool { return ssaflow.WrittenOnce(a) })
}
