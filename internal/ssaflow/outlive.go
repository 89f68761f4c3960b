package ssaflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// KeptBeyond reports whether a call can keep an argument of its in something that
// is there when the function around it has returned: its result, or another
// argument, is returned, stored outside, or was there before.
func KeptBeyond(call *ssa.Call, arg ssa.Value) bool {
	k := keeping{call.Parent(), map[ssa.Value]bool{arg: true}}
	return k.givenTo(&call.Call, arg) || k.holds(call.Type()) && k.escapes(call)
}

// Keeping are the values of a function that were looked at.
type keeping struct {
	fn   *ssa.Function
	seen map[ssa.Value]bool
}

// givenTo reports whether a call can leave an argument in what outlives it.
func (k keeping) givenTo(c *ssa.CallCommon, arg ssa.Value) bool {
	alone := true
	for _, a := range append([]ssa.Value{c.Value}, c.Args...) {
		switch a.(type) {
		case *ssa.Function, *ssa.Builtin:
			continue
		}
		if a != arg && k.holds(a.Type()) {
			alone = false
			if k.outlives(a) {
				return true
			}
		}
	}
	return alone && c.Signature().Results().Len() == 0 && c.StaticCallee() != nil && c.Signature().Recv() == nil // what does it do with it?
}

// outlives reports whether a value was there before the function ran, or is still
// when it has returned.
func (k keeping) outlives(v ssa.Value) bool {
	if k.seen[v] {
		return false
	}
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
		return true
	case *ssa.Const, *ssa.Function, *ssa.Builtin:
		return false
	case *ssa.Call:
		if k.escapes(v) {
			return true
		}
		for _, a := range v.Call.Args {
			if k.holds(a.Type()) && k.outlives(a) {
				return true
			}
		}
		return v.Call.IsInvoke() && k.outlives(v.Call.Value)
	case *ssa.Alloc, *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan:
		return k.escapes(v)
	case ssa.Instruction:
		if k.escapes(v.(ssa.Value)) {
			return true
		}
		for _, op := range v.Operands(nil) {
			if *op != nil && k.holds((*op).Type()) && k.outlives(*op) {
				return true
			}
		}
	}
	return false
}

// escapes reports whether a value is returned, or put into what outlives the
// function.
func (k keeping) escapes(v ssa.Value) bool {
	if k.seen[v] {
		return false
	}
	k.seen[v] = true
	if v.Referrers() == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Return, *ssa.Send, *ssa.Go:
			return true
		case *ssa.Store:
			if ref.Val == v && k.outlives(Root(ref.Addr)) {
				return true
			}
		case *ssa.MapUpdate:
			if ref.Map != v && k.outlives(ref.Map) {
				return true
			}
		case *ssa.Call:
			receiver := ref.Call.Value == v || ref.Call.Signature().Recv() != nil && len(ref.Call.Args) > 0 && ref.Call.Args[0] == v
			if !receiver && k.givenTo(&ref.Call, v) || k.holds(ref.Type()) && k.escapes(ref) {
				return true
			}
		case *ssa.Defer, *ssa.DebugRef:
		case ssa.Value:
			if k.holds(ref.Type()) && k.escapes(ref) {
				return true
			}
		}
	}
	return false
}

// holds reports whether a value of a type could keep another one.
func (k keeping) holds(t types.Type) bool {
	if n := Named(t); IsError(t) || IsContext(t) || n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "testing" {
		return false
	}
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return false
	case *types.Tuple:
		for v := range t.Variables() {
			if k.holds(v.Type()) {
				return true
			}
		}
		return false
	}
	return true
}
