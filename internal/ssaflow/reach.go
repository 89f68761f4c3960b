package ssaflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A Reach is the set of values of a function, and of the function literals in
// it, that the resource can ever reach, whatever the path. It is computed once
// a search, without regard to order, and keeps everything else out of the
// states.
type Reach map[ssa.Value]bool

// ReachFrom computes what some values can reach.
func ReachFrom(sources ...ssa.Value) Reach {
	return ReachBy(func(ssa.Value) bool { return true }, sources...)
}

// ReachBy computes what some values can reach by way of such values as can
// carry them.
func ReachBy(carries func(ssa.Value) bool, sources ...ssa.Value) Reach {
	return ReachWhile(func(ssa.Instruction) bool { return true }, carries, sources...)
}

// ReachWhile does so by such instructions as can have run.
func ReachWhile(runs func(ssa.Instruction) bool, carries func(ssa.Value) bool, sources ...ssa.Value) Reach {
	r := Reach{}
	var work []ssa.Value
	add := func(v ssa.Value) {
		if v != nil && !r[v] && carries(v) {
			r[v] = true
			work = append(work, v)
		}
	}
	for _, v := range sources {
		add(v)
	}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		// Whatever is reached through a variable can be in the variable: the
		// address that a field or an element was selected from, the variable
		// that a literal captured.
		switch v := v.(type) {
		case *ssa.FieldAddr:
			add(v.X)
		case *ssa.IndexAddr:
			add(v.X)
		case *ssa.FreeVar:
			add(Binding(v))
		case *ssa.UnOp:
			if v.Op == token.MUL && isContainer(v.Type()) {
				add(v.X) // the variable that a map was read from leads to what is put into it
			}
		}
		refs := v.Referrers()
		if refs == nil {
			continue
		}
		for _, ref := range *refs {
			if !runs(ref) {
				continue
			}
			switch ref := ref.(type) {
			case *ssa.Store:
				add(ref.Addr)
				if ref.Addr == v {
					continue
				}
			case *ssa.MapUpdate:
				add(ref.Map)
			case *ssa.Send:
				add(ref.Chan)
			case *ssa.MakeClosure:
				add(ref)
				fn := ref.Fn.(*ssa.Function)
				for i, b := range ref.Bindings {
					if b == v && i < len(fn.FreeVars) {
						add(fn.FreeVars[i])
					}
				}
			case ssa.CallInstruction:
				r.call(ref, v, add)
			case ssa.Value:
				add(ref)
			}
		}
	}
	return r
}

// call adds what a call can put an argument into that is reached: its result,
// its other arguments, and the parameters of a literal.
func (r Reach) call(instr ssa.CallInstruction, v ssa.Value, add func(ssa.Value)) {
	c := instr.Common()
	if v := instr.Value(); v != nil {
		add(v)
	}
	for _, a := range c.Args {
		switch a.(type) {
		case *ssa.Const, *ssa.Function, *ssa.Global:
		default:
			add(a)
		}
	}
	if fn := c.StaticCallee(); fn != nil && fn.Parent() != nil {
		for i, a := range c.Args {
			if a == v && i < len(fn.Params) {
				add(fn.Params[i])
			}
		}
	}
}

// Shares reports whether a function literal shares a tainted variable, or
// contains one that does.
func (r Reach) Shares(fn *ssa.Function) bool {
	for _, f := range fn.FreeVars {
		if r[f] {
			return true
		}
	}
	return false
}

// isContainer reports whether values of a type share what is put into them.
func isContainer(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Map, *types.Slice, *types.Chan, *types.Pointer:
		return true
	}
	return false
}
