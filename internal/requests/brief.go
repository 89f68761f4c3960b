package requests

import (
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// Brief reports whether a function is done soon after it was called: it waits
// for nobody, serves nobody, and runs nothing that is not seen. A function of
// which that is not certain may last as long as the process, and so does main.
// One call, of which more is known, is left out.
func (r *Result) Brief(fn *ssa.Function, except ssa.CallInstruction) bool {
	return !r.isMain(fn) && r.brief(fn, except, map[*ssa.Function]bool{})
}

// isMain reports whether a function is main, or a literal in it.
func (r *Result) isMain(fn *ssa.Function) bool {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn.Name() == "main" && fn.Pkg != nil && fn.Pkg.Pkg.Name() == "main"
}

func (r *Result) brief(fn *ssa.Function, except ssa.CallInstruction, seen map[*ssa.Function]bool) bool {
	if seen[fn] {
		return true
	}
	seen[fn] = true
	if goesRound(fn) {
		return false
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Select:
				return false
			case *ssa.UnOp:
				if instr.Op == token.ARROW {
					return false
				}
			case *ssa.Send:
				return false
			case ssa.CallInstruction:
				if _, async := instr.(*ssa.Go); !async && instr != except && !r.briefCall(instr.Common(), except, seen) {
					return false
				}
			}
		}
	}
	return true
}

// goesRound reports whether a function has a loop without a bound: it ends by
// what happens in it, and not by a count or by what it ranges over.
func goesRound(fn *ssa.Function) bool {
	loops := ssaflow.Loops(fn)
	bounded := map[*ssa.BasicBlock]bool{} // blocks of loops that end by themselves
	for _, b := range fn.Blocks {
		i, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !loops[b.Index] || !ok || !counts(i.Cond) {
			continue
		}
		loop := ssaflow.LoopAround(b)
		if !loop[b.Succs[0]] || !loop[b.Succs[1]] {
			for x := range loop {
				bounded[x] = true
			}
		}
	}
	for _, b := range fn.Blocks {
		if loops[b.Index] && !bounded[b] {
			return true
		}
	}
	return false
}

// counts reports whether a condition compares numbers, or asks a range for more.
func counts(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.BinOp:
		b, ok := v.X.Type().Underlying().(*types.Basic)
		return ok && b.Info()&types.IsNumeric != 0
	case *ssa.Extract:
		_, ok := v.Tuple.(*ssa.Next)
		return ok
	}
	return false
}

// briefCall reports whether a call is over soon. A function of another package
// that returns a value besides an error has worked it out; one that does not may
// be what the program is for.
func (r *Result) briefCall(c *ssa.CallCommon, except ssa.CallInstruction, seen map[*ssa.Function]bool) bool {
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return true
	}
	if f := ssaflow.Static(c); f != nil && r.prog.HasBody(f) {
		return r.brief(f, except, seen)
	}
	obj := ssaflow.Callee(c)
	if obj == nil {
		return cancels(c.Value)
	}
	table := r.prog.Table
	if conduct := table.Conduct(obj); conduct != nil {
		if conduct.Waits != nil || conduct.Receives {
			return false
		}
		if len(conduct.Registers) > 0 || conduct.Logs {
			return true
		}
	}
	if obj.Pkg() == nil {
		return true // of a predeclared type
	}
	switch path := obj.Pkg().Path(); {
	case table.Covers(path):
		return !r.serves(obj)
	case path == "context", path == "errors", path == "fmt", path == "log", path == "log/slog", path == "strings", path == "strconv", path == "time":
		return true
	}
	for v := range obj.Signature().Results().Variables() {
		if !ssaflow.IsError(v.Type()) {
			return true
		}
	}
	return false
}

// cancels reports whether a func value is what package context gave, to cancel a
// context.
func cancels(v ssa.Value) bool {
	x, ok := v.(*ssa.Extract)
	if !ok {
		return false
	}
	call, ok := x.Tuple.(*ssa.Call)
	if !ok {
		return false
	}
	obj := ssaflow.Callee(&call.Call)
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "context"
}

// serves reports whether a function of a library serves until it is stopped.
func (r *Result) serves(obj *types.Func) bool {
	for _, s := range r.prog.Table.Starts(obj.Pkg().Path()) {
		if s.Name == obj.Name() {
			return true
		}
	}
	return false
}
