package lifetime

import (
	"golang.org/x/tools/go/ssa"
)

// A taint is the set of values of a function, and of the function literals in
// it, that the resource can ever reach, whatever the path. It is computed once
// a search, without regard to order, and keeps everything else out of the
// states.
type taint map[ssa.Value]bool

// taintFrom computes what a value can reach.
func taintFrom(sources ...ssa.Value) taint {
	t := taint{}
	var work []ssa.Value
	add := func(v ssa.Value) {
		if v != nil && !t[v] {
			t[v] = true
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
			for _, b := range boundTo(v) {
				add(b)
			}
		}
		refs := v.Referrers()
		if refs == nil {
			continue
		}
		for _, ref := range *refs {
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
				t.call(ref, v, add)
			case ssa.Value:
				add(ref)
			}
		}
	}
	return t
}

// call taints what a call can put a tainted argument into: its result, its
// other arguments, and the parameters of a literal.
func (t taint) call(instr ssa.CallInstruction, v ssa.Value, add func(ssa.Value)) {
	c := instr.Common()
	if r := instr.Value(); r != nil {
		add(r)
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

// boundTo returns what a captured variable is bound to.
func boundTo(f *ssa.FreeVar) []ssa.Value {
	fn := f.Parent()
	index := -1
	for i, v := range fn.FreeVars {
		if v == f {
			index = i
		}
	}
	var list []ssa.Value
	if fn.Parent() == nil || index < 0 {
		return nil
	}
	for _, b := range fn.Parent().Blocks {
		for _, instr := range b.Instrs {
			if m, ok := instr.(*ssa.MakeClosure); ok && m.Fn == fn && index < len(m.Bindings) {
				list = append(list, m.Bindings[index])
			}
		}
	}
	return list
}

// literal reports whether a function literal shares a tainted variable, or
// contains one that does.
func (t taint) literal(fn *ssa.Function) bool {
	for _, f := range fn.FreeVars {
		if t[f] {
			return true
		}
	}
	return false
}
