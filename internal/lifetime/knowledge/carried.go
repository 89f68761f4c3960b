package knowledge

import (
	"go/types"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file knows what is kept under a key: in a context, or in a request.

// CarriedOff reports whether a value is returned, or stored in something. What a
// command replied with its help does not carry it.
func (kn *Base) CarriedOff(v ssa.Value) bool {
	for r := range ssaflow.ReachFrom(v) {
		if !kn.carries(r.Type()) {
			continue
		}
		if r.Referrers() == nil {
			return true // a variable of the package
		}
		for _, ref := range *r.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Return, *ssa.Send, *ssa.MapUpdate:
				return true
			case *ssa.Store:
				if _, local := ref.Addr.(*ssa.Alloc); !local && ref.Val == r {
					if _, captured := ref.Addr.(*ssa.FreeVar); !captured {
						return true
					}
				}
			}
		}
	}
	return false
}

// carries reports whether a value of a type can have a context or a request in
// it: errors, plain values and what belongs to a client library have none.
func (kn *Base) carries(t types.Type) bool {
	if _, basic := t.Underlying().(*types.Basic); basic || ssaflow.IsError(t) {
		return false
	}
	n := ssaflow.Named(t)
	return n == nil || n.Obj().Pkg() == nil || !kn.Table.Covers(n.Obj().Pkg().Path())
}

// FetchesToRelease reports whether the package calls one of some methods on a
// value that it got from somewhere as an any, or gives such a value to a
// function that can.
func (kn *Base) FetchesToRelease(release []string) bool {
	if kn.fetched == nil {
		kn.fetched = map[string]bool{}
		getters := map[*types.Func]bool{}
		for _, fn := range kn.prog.Funcs {
			kn.noteFetched(fn, getters, func(v ssa.Value) bool {
				t, ok := v.(*ssa.TypeAssert)
				if !ok {
					return false
				}
				iface, ok := t.X.Type().Underlying().(*types.Interface)
				return ok && iface.NumMethods() == 0
			})
		}
		for _, fn := range kn.prog.Funcs {
			kn.noteFetched(fn, nil, func(v ssa.Value) bool {
				c, ok := v.(*ssa.Call)
				if !ok || c.Call.StaticCallee() == nil {
					return false
				}
				obj, _ := c.Call.StaticCallee().Object().(*types.Func)
				return obj != nil && getters[obj.Origin()]
			})
		}
	}
	for _, name := range release {
		if kn.fetched[name] {
			return true
		}
	}
	return false
}

// noteFetched notes the methods that a function calls on some values, and
// whether it returns one.
func (kn *Base) noteFetched(fn *ssa.Function, getters map[*types.Func]bool, is func(ssa.Value) bool) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			v, ok := instr.(ssa.Value)
			if !ok || !is(v) {
				continue
			}
			for r := range ssaflow.ReachFrom(v) {
				if r.Referrers() == nil {
					continue
				}
				for _, ref := range *r.Referrers() {
					switch ref := ref.(type) {
					case *ssa.Return:
						if obj, ok := fn.Object().(*types.Func); ok && getters != nil {
							getters[obj] = true
						}
					case *ssa.MakeInterface:
						kn.noteMethods(ref.Type())
					case *ssa.ChangeInterface:
						kn.noteMethods(ref.Type())
					case *ssa.MakeClosure:
						if f, ok := ref.Fn.(*ssa.Function); ok && ssaflow.IsBoundMethod(f) && f.Object() != nil {
							kn.fetched[f.Object().Name()] = true
						}
					case ssa.CallInstruction:
						kn.noteCalled(ref.Common(), r)
					}
				}
			}
		}
	}
}

// noteCalled notes the method that a call calls on a value, or those that a
// function of the program that is given it can call.
func (kn *Base) noteCalled(c *ssa.CallCommon, v ssa.Value) {
	if c.IsInvoke() {
		if c.Value == v {
			kn.fetched[c.Method.Name()] = true
		}
		return
	}
	f := c.StaticCallee()
	if f == nil {
		return
	}
	obj, _ := f.Object().(*types.Func)
	if obj != nil && ssaflow.IsMethod(obj) && len(c.Args) > 0 && c.Args[0] == v {
		kn.fetched[obj.Name()] = true
		return
	}
	if !kn.HasBody(f) {
		return
	}
	for i, a := range c.Args {
		if a == v && i < len(f.Params) {
			p := ssaflow.ReachFrom(f.Params[i])
			for x := range p {
				if x.Referrers() == nil {
					continue
				}
				for _, ref := range *x.Referrers() {
					if in, ok := ref.(ssa.CallInstruction); ok {
						cc := in.Common()
						if cc.IsInvoke() && cc.Value == x {
							kn.fetched[cc.Method.Name()] = true
						} else if g := cc.StaticCallee(); g != nil && g.Object() != nil && len(cc.Args) > 0 && cc.Args[0] == x {
							kn.fetched[g.Object().Name()] = true
						}
					}
				}
			}
		}
	}
}

// noteMethods notes the methods of an interface that a value is put in.
func (kn *Base) noteMethods(t types.Type) {
	if iface, ok := t.Underlying().(*types.Interface); ok {
		for m := range iface.Methods() {
			kn.fetched[m.Name()] = true
		}
	}
}
