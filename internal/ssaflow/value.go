package ssaflow

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// This file answers small questions about single values and types.

// Results returns the values by which a function gets a result of a call, or
// what another instruction makes.
func Results(instr ssa.Instruction, index int) []ssa.Value {
	v, ok := instr.(ssa.Value)
	if !ok {
		return nil
	}
	if _, ok := v.Type().(*types.Tuple); !ok {
		return []ssa.Value{v}
	}
	var list []ssa.Value
	for _, ref := range *v.Referrers() {
		if x, ok := ref.(*ssa.Extract); ok && x.Index == index {
			list = append(list, x)
		}
	}
	return list
}

// ParameterOf returns the parameter that a func value is, also of the function
// around a literal that captures it; or nil.
func ParameterOf(v ssa.Value) *ssa.Parameter {
	for range 4 { // a variable that a literal in a literal captures
		switch x := v.(type) {
		case *ssa.Parameter:
			return x
		case *ssa.FreeVar:
			v = Binding(x)
		case *ssa.UnOp:
			v = x.X
		case *ssa.Alloc:
			v = StoredOnce(x)
		default:
			return nil
		}
	}
	return nil
}

// ElemOf returns the type of the elements of a slice, an array or a map, or nil.
func ElemOf(t types.Type) types.Type {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return u.Elem()
	case *types.Array:
		return u.Elem()
	case *types.Map:
		return u.Elem()
	}
	return nil
}

// PointerTo returns the type of pointers to values of a type; pointers and
// interfaces are themselves.
func PointerTo(t types.Type) types.Type {
	if _, ok := t.Underlying().(*types.Pointer); ok || types.IsInterface(t) {
		return t
	}
	return types.NewPointer(t)
}

// IsBareTypeParam reports whether a type is a type parameter whose values have no
// methods.
func IsBareTypeParam(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.TypeParam)
	return ok && p.Constraint().Underlying().(*types.Interface).NumMethods() == 0
}

// MentionsParam reports whether a type is made of a type parameter.
func MentionsParam(t types.Type, p *types.TypeParam) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return t == p
	case *types.Pointer:
		return MentionsParam(t.Elem(), p)
	case *types.Slice:
		return MentionsParam(t.Elem(), p)
	case *types.Array:
		return MentionsParam(t.Elem(), p)
	case *types.Chan:
		return MentionsParam(t.Elem(), p)
	case *types.Map:
		return MentionsParam(t.Key(), p) || MentionsParam(t.Elem(), p)
	case *types.Basic:
		return false
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if MentionsParam(a, p) {
				return true
			}
		}
		return false
	}
	return true
}

// IsTested reports whether a condition asks for a value.
func IsTested(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref.(type) {
		case *ssa.If, *ssa.BinOp:
			return true
		}
	}
	return false
}

// Defers reports whether a function, or the body of a range over a function
// in it, defers anything.
func Defers(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if _, ok := instr.(*ssa.Defer); ok {
				return true
			}
		}
	}
	for _, anon := range fn.AnonFuncs {
		if IsLoopBody(anon) && Defers(anon) {
			return true
		}
	}
	return false
}

// ComparesToNil reports whether a condition compares a value with nil, and
// whether it is true if the value is nil.
func ComparesToNil(cond, v ssa.Value) (isNil, ok bool) {
	b, ok := cond.(*ssa.BinOp)
	if !ok || b.Op != token.EQL && b.Op != token.NEQ {
		return false, false
	}
	if b.X != v || !IsNil(b.Y) {
		if b.Y != v || !IsNil(b.X) {
			return false, false
		}
	}
	return b.Op == token.EQL, true
}

// SelectedFrom is what a promoted method's receiver was selected from: Get is
// promoted, and the type that it was selected from has the word.
func SelectedFrom(recv ssa.Value) ssa.Value {
	for {
		if load, ok := recv.(*ssa.UnOp); ok {
			recv = load.X
			continue
		}
		f, ok := recv.(*ssa.FieldAddr)
		if !ok {
			return recv
		}
		st, ok := Deref(f.X.Type()).Underlying().(*types.Struct)
		if !ok || !st.Field(f.Field).Embedded() {
			return recv
		}
		recv = f.X
	}
}

// NilAt reports whether a condition on the way to a block has found that a value
// is nil.
func NilAt(v ssa.Value, b *ssa.BasicBlock) bool {
	for ; b.Idom() != nil; b = b.Idom() {
		if len(b.Preds) != 1 {
			continue
		}
		ifs, ok := b.Preds[0].Instrs[len(b.Preds[0].Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if isNil, ok := ComparesToNil(ifs.Cond, v); ok && isNil == (b.Preds[0].Succs[0] == b) {
			return true
		}
	}
	return false
}

// DependsOn reports whether a value is computed from another. An error says that
// something went wrong, and nothing of what it was computed from.
func DependsOn(v, from ssa.Value) bool { return dependsOn(v, from, map[ssa.Value]bool{}) }

func dependsOn(v, from ssa.Value, seen map[ssa.Value]bool) bool {
	if v == from {
		return true
	}
	instr, ok := v.(ssa.Instruction)
	if !ok || seen[v] || IsError(v.Type()) {
		return false
	}
	seen[v] = true
	var operands [10]*ssa.Value
	for _, op := range instr.Operands(operands[:0]) {
		if *op != nil && dependsOn(*op, from, seen) {
			return true
		}
	}
	return false
}

// Returns reports whether a function returns a value, boxed or not.
func Returns(fn *ssa.Function, v ssa.Value) bool {
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			for _, r := range ret.Results {
				if Unboxed(r) == v {
					return true
				}
			}
		}
	}
	return false
}
