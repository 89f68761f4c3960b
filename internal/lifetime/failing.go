package lifetime

import (
	"go/token"
	"slices"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// ofFailed reports whether an owner that is read from was made by the function
// that reads it, which then returns without it: a constructor that fails. What
// becomes of that one says nothing of those that are handed out.
func ofFailed(fn *ssa.Function, owner ssa.Value, read ssa.Instruction) bool {
	made, in := madeHere(fn, owner)
	if made == nil {
		return false
	}
	if in != fn {
		return onlyDeferred(fn)
	}
	after := ssaflow.ReachableFrom(read.Block())
	after[read.Block()] = true
	for b := range after {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && !returnsNothing(ret) {
			return false
		}
	}
	return true
}

// returnsNothing reports whether a return has nothing but constants beside its
// error. One that has an error alone is of no constructor.
func returnsNothing(ret *ssa.Return) bool {
	without := false
	for _, v := range ret.Results {
		if ssaflow.IsError(v.Type()) {
			continue
		}
		if _, constant := storedBefore(ret, v).(*ssa.Const); !constant {
			return false
		}
		without = true
	}
	return without
}

// storedBefore returns what a return has, looking through the variables by which a
// function that defers anything returns its results.
func storedBefore(ret *ssa.Return, v ssa.Value) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return v
	}
	for _, instr := range ret.Block().Instrs {
		if store, ok := instr.(*ssa.Store); ok && store.Addr == load.X {
			v = store.Val
		}
	}
	return v
}

// madeHere returns the object that a value is, if the function makes it, or the
// one that it is a literal in, and which of them does.
func madeHere(fn *ssa.Function, v ssa.Value) (made *ssa.Alloc, in *ssa.Function) {
	if a, ok := v.(*ssa.Alloc); ok {
		if slices.ContainsFunc(*a.Referrers(), func(ref ssa.Instruction) bool { s, ok := ref.(*ssa.Store); return ok && s.Addr == a }) {
			return nil, nil // a copy of what somebody else has made
		}
		return a, fn
	}
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil, nil
	}
	from := load.X
	if fv, ok := from.(*ssa.FreeVar); ok {
		from = ssaflow.Binding(fv)
	}
	variable, ok := from.(*ssa.Alloc)
	if !ok {
		return nil, nil
	}
	for _, ref := range *variable.Referrers() {
		store, ok := ref.(*ssa.Store)
		if !ok || store.Addr != variable {
			continue
		}
		a, ok := store.Val.(*ssa.Alloc)
		if c, is := store.Val.(*ssa.Const); is && c.IsNil() {
			continue // what is returned beside the error
		}
		if !ok || made != nil && made != a {
			return nil, nil
		}
		made = a
	}
	return made, variable.Parent()
}

// onlyDeferred reports whether a literal is deferred, and nothing else.
func onlyDeferred(fn *ssa.Function) bool {
	if fn.Parent() == nil {
		return false
	}
	deferred := false
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			m, ok := instr.(*ssa.MakeClosure)
			if !ok || m.Fn != fn {
				continue
			}
			for _, ref := range *m.Referrers() {
				if _, ok := ref.(*ssa.Defer); !ok {
					return false
				}
				deferred = true
			}
		}
	}
	return deferred
}
