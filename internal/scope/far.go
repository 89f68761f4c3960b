package scope

import (
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers for deferred calls that take something back by a context
// which only a caller in another package knows: see Ended.

// A DeferredFact says that a deferred call of a function, after some work, takes
// back what was put on the server, by a context that the function was given.
type DeferredFact struct {
	Ctx  int    // the parameter
	What string // the deferred call: "redis.Del"
}

// defersWith returns such calls of a function, and of those that it passes its
// own contexts on to. What is reported where it stands is none of them.
func (o *origins) defersWith(fn *ssa.Function) []DeferredFact {
	if list, ok := o.defers[fn]; ok || !slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return ssaflow.IsContext(p.Type()) }) {
		return list
	}
	o.defers[fn] = nil // while it is looked at
	var list []DeferredFact
	note := func(ctx ssa.Value, at ssa.Instruction, what string) {
		s := o.spanOf(ctx, at)
		if s.param == nil || s.param.Parent() != fn || len(s.from) > 0 {
			return
		}
		d := DeferredFact{slices.Index(fn.Params, s.param), what}
		if !slices.ContainsFunc(list, func(x DeferredFact) bool { return x.Ctx == d.Ctx }) {
			list = append(list, d)
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Defer:
				for _, f := range o.freed(instr) {
					if _, here := o.ended(fn, instr, f.ctx, 0); !here && o.worksAfter(fn, instr) {
						if obj := ssaflow.Callee(f.call.Common()); obj != nil {
							note(f.ctx, instr, shortName(obj))
						}
					}
				}
			case *ssa.Call:
				for _, d := range o.deferredBy(instr) {
					note(ssaflow.Args(&instr.Call)[d.Ctx], instr, d.What)
				}
			}
		}
	}
	o.defers[fn] = list
	return list
}

// deferredBy is what is known of a called function's deferred calls.
func (o *origins) deferredBy(call *ssa.Call) []DeferredFact {
	if f := ssaflow.Static(&call.Call); f != nil && o.g.prog.HasBody(f) {
		return o.defersWith(f)
	}
	obj := ssaflow.Callee(&call.Call)
	if obj == nil || obj.Pkg() == nil || o.g.table.Covers(obj.Pkg().Path()) {
		return nil
	}
	if call.Call.IsInvoke() {
		var list []DeferredFact
		for i, m := range o.implementations(obj) {
			more := o.deferredOf(m)
			if i > 0 {
				more = slices.DeleteFunc(slices.Clone(more), func(d DeferredFact) bool {
					return !slices.ContainsFunc(list, func(x DeferredFact) bool { return x.Ctx == d.Ctx })
				})
			}
			list = more
		}
		return list
	}
	return o.deferredOf(obj)
}

func (o *origins) deferredOf(obj *types.Func) []DeferredFact {
	if obj.Pkg() == o.g.pass.Pkg {
		if f := o.g.prog.Pkg.Prog.FuncValue(obj); o.g.prog.HasBody(f) {
			return o.defersWith(f)
		}
		return nil
	}
	fact := new(FuncFact)
	o.g.pass.ImportObjectFact(obj.Origin(), fact)
	return fact.Defers
}

// freedOf returns the parameters of a function that are contexts with which it
// takes something back, as far as that is known of a method of an interface: by
// the types of the interface's package that implement it, if they agree.
func (o *origins) freedOf(obj *types.Func, invoked bool) []int {
	if invoked {
		var list []int
		for i, m := range o.implementations(obj) {
			more := o.freedOf(m, false)
			if i > 0 {
				more = slices.DeleteFunc(slices.Clone(more), func(n int) bool { return !slices.Contains(list, n) })
			}
			list = more
		}
		return list
	}
	if obj.Pkg() == o.g.pass.Pkg {
		if f := o.g.prog.Pkg.Prog.FuncValue(obj); o.g.prog.HasBody(f) {
			return o.freesWith(f)
		}
		return nil
	}
	fact := new(FuncFact)
	o.g.pass.ImportObjectFact(obj.Origin(), fact)
	return fact.Frees
}

// implementations returns the methods that an interface's method may be, of the
// types in the package of the interface.
func (o *origins) implementations(obj *types.Func) []*types.Func {
	if list, ok := o.implements[obj]; ok {
		return list
	}
	o.implements[obj] = nil
	named := ssaflow.Named(obj.Signature().Recv().Type())
	if named == nil || obj.Pkg() == nil || o.g.table.Covers(obj.Pkg().Path()) || named.TypeParams().Len() > 0 {
		return nil
	}
	iface, ok := named.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	var list []*types.Func
	scope := obj.Pkg().Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) || o.g.prog.InTest(tn.Pos()) {
			continue
		}
		if n, ok := tn.Type().(*types.Named); !ok || n.TypeParams().Len() > 0 {
			continue
		}
		ptr := types.NewPointer(tn.Type())
		if !types.Implements(ptr, iface) {
			continue
		}
		m, _, _ := types.LookupFieldOrMethod(ptr, false, obj.Pkg(), obj.Name())
		if m, ok := m.(*types.Func); ok {
			list = append(list, m)
		}
	}
	o.implements[obj] = list
	return list
}

// endedFar returns the calls of a function that pass a context which ends to one
// of another package, which defers something with it.
func (o *origins) endedFar(fn *ssa.Function, report func(call *ssa.Call, ctx ssa.Value, why End, what string)) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || o.g.prog.HasBody(ssaflow.Static(&call.Call)) {
				continue
			}
			for _, d := range o.deferredBy(call) {
				ctx := ssaflow.Args(&call.Call)[d.Ctx]
				s := o.spanOf(ctx, call)
				switch {
				case s.request:
					report(call, ctx, OfRequest, d.What)
				case slices.ContainsFunc(s.from, o.hasDeadline):
					report(call, ctx, Timed, d.What)
				case s.param != nil && s.param.Parent() == fn:
					if why, ok := o.passedEnding(fn, slices.Index(fn.Params, s.param), 0, func() bool { return true }); ok {
						report(call, ctx, why, d.What)
					}
				}
			}
		}
	}
}
