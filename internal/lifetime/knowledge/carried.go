package knowledge

import (
	"go/types"

	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file knows what is kept under a key: in a context, or in a request.

// CarriedOff reports whether a value is returned, or stored in something. What a
// command replied with its help does not carry it.
func (kn *Base) CarriedOff(v ssa.Value) bool {
	for r := range ssaflow.ReachFrom(v) {
		if !carries(kn.Table, r.Type()) {
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
func carries(table *redisapi.Table, t types.Type) bool {
	if _, basic := t.Underlying().(*types.Basic); basic || ssaflow.IsError(t) {
		return false
	}
	n := ssaflow.Named(t)
	return n == nil || n.Obj().Pkg() == nil || !table.Covers(n.Obj().Pkg().Path())
}

// FetchesToRelease reports whether the package calls one of some methods on a
// value that it got from somewhere as an any, or gives such a value to a
// function that can.
func (kn *Base) FetchesToRelease(release []string) bool {
	if kn.fetched.methods == nil {
		kn.fetched = fetched{kn, map[string]bool{}}
		getters := map[*types.Func]bool{}
		for _, fn := range kn.prog.Funcs {
			kn.fetched.note(fn, getters, func(v ssa.Value) bool {
				t, ok := v.(*ssa.TypeAssert)
				if !ok {
					return false
				}
				iface, ok := t.X.Type().Underlying().(*types.Interface)
				return ok && iface.NumMethods() == 0
			})
		}
		for _, fn := range kn.prog.Funcs {
			kn.fetched.note(fn, nil, func(v ssa.Value) bool {
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
		if kn.fetched.methods[name] {
			return true
		}
	}
	return false
}

// Fetched are the methods that the package calls on what was kept under a key.
type fetched struct {
	kn      *Base
	methods map[string]bool
}

// note notes the methods that a function calls on some values, and
// whether it returns one.
func (f fetched) note(fn *ssa.Function, getters map[*types.Func]bool, is func(ssa.Value) bool) {
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
						f.noteMethods(ref.Type())
					case *ssa.ChangeInterface:
						f.noteMethods(ref.Type())
					case *ssa.MakeClosure:
						if bound, ok := ref.Fn.(*ssa.Function); ok && ssaflow.IsBoundMethod(bound) && bound.Object() != nil {
							f.methods[bound.Object().Name()] = true
						}
					case ssa.CallInstruction:
						f.noteCall(ref.Common(), r)
					}
				}
			}
		}
	}
}

// noteCall notes the method that a call calls on a value, or those that a
// function of the program that is given it can call.
func (f fetched) noteCall(c *ssa.CallCommon, v ssa.Value) {
	if c.IsInvoke() {
		if c.Value == v {
			f.methods[c.Method.Name()] = true
		}
		return
	}
	callee := c.StaticCallee()
	if callee == nil {
		return
	}
	obj, _ := callee.Object().(*types.Func)
	if obj != nil && ssaflow.IsMethod(obj) && len(c.Args) > 0 && c.Args[0] == v {
		f.methods[obj.Name()] = true
		return
	}
	if !f.kn.HasBody(callee) {
		return
	}
	for i, a := range c.Args {
		if a == v && i < len(callee.Params) {
			p := ssaflow.ReachFrom(callee.Params[i])
			for x := range p {
				if x.Referrers() == nil {
					continue
				}
				for _, ref := range *x.Referrers() {
					if in, ok := ref.(ssa.CallInstruction); ok {
						cc := in.Common()
						if cc.IsInvoke() && cc.Value == x {
							f.methods[cc.Method.Name()] = true
						} else if g := cc.StaticCallee(); g != nil && g.Object() != nil && len(cc.Args) > 0 && cc.Args[0] == x {
							f.methods[g.Object().Name()] = true
						}
					}
				}
			}
		}
	}
}

// noteMethods notes the methods of an interface that a value is put in.
func (f fetched) noteMethods(t types.Type) {
	if iface, ok := t.Underlying().(*types.Interface); ok {
		for m := range iface.Methods() {
			f.methods[m.Name()] = true
		}
	}
}
