package ssaflow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// StoredOnce returns the only value that a local variable is set to. Closures
// may read it.
func StoredOnce(a *ssa.Alloc) ssa.Value {
	var val ssa.Value
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != a || val != nil {
				return nil
			}
			val = ref.Val
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == a && !onlyRead(ref.Fn.(*ssa.Function).FreeVars[i]) {
					return nil
				}
			}
		default:
			return nil
		}
	}
	return val
}

// onlyRead reports whether a captured variable is only read by the function
// that captures it.
func onlyRead(v *ssa.FreeVar) bool {
	for _, ref := range *v.Referrers() {
		switch ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}

// Encloses reports whether inner is fn or a literal in it.
func Encloses(fn, inner *ssa.Function) bool {
	for ; inner != nil; inner = inner.Parent() {
		if inner == fn {
			return true
		}
	}
	return false
}

// AroundLoops returns the function in whose body a function's code stands: for
// the body of a range over a function, that is the function with the loop.
func AroundLoops(fn *ssa.Function) *ssa.Function {
	for IsLoopBody(fn) && fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// Root is the variable or object that an address is in.
func Root(addr ssa.Value) ssa.Value {
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr = a.X
		case *ssa.IndexAddr:
			addr = a.X
		default:
			return addr
		}
	}
}

// IsNil reports whether a value is nil, or the zero value of a struct, as a
// constant.
func IsNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value == nil
}

// Copies returns a value, the variables that it is stored in, and what is loaded
// from these before something else can be stored there.
func Copies(v ssa.Value) []ssa.Value {
	list := []ssa.Value{v}
	for _, ref := range *v.Referrers() {
		st, ok := ref.(*ssa.Store)
		if !ok || st.Val != v {
			continue
		}
		cell, ok := st.Addr.(*ssa.Alloc)
		if !ok {
			continue
		}
		list = append(list, cell)
		stored := false
		for _, instr := range st.Block().Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if instr.Addr == cell {
					stored = instr == st
				}
			case *ssa.UnOp:
				if stored && instr.X == cell {
					list = append(list, instr)
				}
			}
		}
	}
	return list
}

// Maker returns the instruction that makes a function literal, or nil for what
// is no literal.
func Maker(fn *ssa.Function) *ssa.MakeClosure {
	if fn.Parent() == nil {
		return nil
	}
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			if mk, ok := instr.(*ssa.MakeClosure); ok && mk.Fn == fn {
				return mk
			}
		}
	}
	return nil
}

// Binding returns what a captured variable is in the function around its
// literal, or nil. A literal is made in one place.
func Binding(v *ssa.FreeVar) ssa.Value {
	m := Maker(v.Parent())
	if m == nil {
		return nil
	}
	return m.Bindings[slices.Index(v.Parent().FreeVars, v)]
}

// StoredIn returns what is assigned to a variable, in its function and in the
// literals that capture it.
func StoredIn(addr ssa.Value) []ssa.Value {
	var list []ssa.Value
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == addr {
				list = append(list, ref.Val)
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == addr {
					list = append(list, StoredIn(ref.Fn.(*ssa.Function).FreeVars[i])...)
				}
			}
		}
	}
	return list
}

// WrittenOnce reports whether a local variable is set once and only read
// afterwards, in parts and by literals too: what is in it never changes.
func WrittenOnce(a *ssa.Alloc) bool {
	stores := 0
	return onlyLoaded(a, func() { stores++ }) && stores == 1
}

// onlyLoaded reports whether an address is only read, and stored to as often as
// it says.
func onlyLoaded(addr ssa.Value, stored func()) bool {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			if _, whole := addr.(*ssa.Alloc); ref.Addr != addr || !whole {
				return false
			}
			stored()
		case *ssa.FieldAddr:
			if !onlyLoaded(ref, stored) {
				return false
			}
		case *ssa.MakeClosure:
			for i, b := range ref.Bindings {
				if b == addr && !onlyLoaded(ref.Fn.(*ssa.Function).FreeVars[i], stored) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}
