package lifetime

import (
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers what a call hands to its caller because a func that it was
// given opens it: a helper that calls a factory, and returns what that made.

// throughFuncs returns what the funcs that a call passes open, and the call
// hands on.
func (e *openings) throughFuncs(c *ssa.CallCommon, callee *ssa.Function, obj *types.Func) []Open {
	var list []Open
	for i, a := range c.Args {
		sig, ok := a.Type().Underlying().(*types.Signature)
		if !ok || !e.opensByType(sig) {
			continue
		}
		for _, o := range e.openedByAll(e.prog.FuncsOf(a)) {
			if o.At.Param || o.At.Func || o.At.Shape != "" || o.Cleanup >= 0 || len(o.Also) > 0 {
				continue
			}
			for _, m := range e.made(callee, obj, i, o) {
				m.Kind, m.What, m.Release = o.Kind, o.What, o.Release
				m.Lent, m.Nil = m.Lent || o.Lent, m.Nil && o.Nil
				list = append(list, m)
			}
		}
	}
	return list
}

// opensByType reports whether a func can return a resource.
func (e *openings) opensByType(sig *types.Signature) bool {
	for r := range sig.Results().Variables() {
		if !ssaflow.IsError(r.Type()) && e.know.canHold(r.Type()) {
			return true
		}
	}
	return false
}

// made returns what a function hands to its caller of what one of its func
// parameters opens.
func (e *openings) made(callee *ssa.Function, obj *types.Func, param int, o Open) []Open {
	if e.know.hasBody(callee) {
		return e.makesOf(callee, param, o.At.Index, o.Release)
	}
	if obj == nil {
		return nil
	}
	fact, analysed := e.know.fact(obj)
	if analysed {
		via := strings.Join(o.Release, ",")
		if fact != nil {
			for _, m := range fact.Makes {
				if m.Func == param && m.Result == o.At.Index && (m.Via == "" || overlaps(m.Via, via)) {
					return m.Opens
				}
			}
		}
		return nil
	}
	if row := e.know.table.Func(obj); row != nil && (row.Library || len(row.Factories) > 0) {
		return nil // a library owns what its factories make
	}
	return parametricMakes(obj, param, o)
}

type makesKey struct {
	fn            *ssa.Function
	param, result int
	release       string
}

// makesOf returns what a function of this package hands to its caller if each
// call of a func parameter opens a resource, in one of its results.
func (e *openings) makesOf(fn *ssa.Function, param, result int, release []string) []Open {
	key := makesKey{fn, param, result, strings.Join(release, ",")}
	if _, known := e.makes.answers[key]; !known && e.depth >= maxDepth {
		return nil
	}
	return e.makes.meanwhile(key, nil, func() (list []Open) {
		e.depth++
		defer func() { e.depth-- }()
		var sites []*site
		for _, f := range append([]*ssa.Function{fn}, fn.AnonFuncs...) {
			for _, b := range f.Blocks {
				for _, instr := range b.Instrs {
					call, ok := instr.(*ssa.Call)
					if !ok || call.Call.IsInvoke() || parameterOf(call.Call.Value) != fn.Params[param] {
						continue
					}
					o := Open{At: Place{Index: result}, Err: ssaflow.ErrorResult(call.Call.Signature().Results()), Cleanup: -1, Release: release}
					if e.making[call.Common()] != nil {
						return nil // by itself
					}
					e.making[call.Common()] = []Open{o}
					defer delete(e.making, call.Common())
					sites = append(sites, &site{instr: call, fn: f, open: o, dyn: resultType(call, o.At)})
				}
			}
		}
		for _, s := range sites {
			for _, o := range e.judgeNew(s, fn).given {
				// Its error is not told by the last result: what says whether it is
				// there is not known.
				o.Lent = o.Lent || s.open.Err >= 0 && o.Err < 0
				list = append(list, o)
			}
		}
		return e.mergeOpens(fn, list)
	})
}

// parametricMakes returns what a function that cannot be read hands to its
// caller of what a func parameter returns, by its signature: a value of a type
// parameter without methods can only be returned.
func parametricMakes(fn *types.Func, param int, o Open) []Open {
	sig := fn.Origin().Signature()
	params := sig.Params()
	if sig.Recv() != nil || param >= params.Len() || sig.Variadic() && param == params.Len()-1 {
		return nil
	}
	f, ok := params.At(param).Type().Underlying().(*types.Signature)
	if !ok || o.At.Index >= f.Results().Len() {
		return nil
	}
	r, ok := types.Unalias(f.Results().At(o.At.Index).Type()).(*types.TypeParam)
	if !ok || !bareTypeParam(r) {
		return nil
	}
	lent := false
	for i := range params.Len() {
		p := types.Unalias(params.At(i).Type())
		g, isFunc := p.Underlying().(*types.Signature)
		switch {
		case i == param:
		case p == types.Type(r):
			lent = true // or it is that one
		case isFunc:
			for q := range g.Params().Variables() {
				if mentions(q.Type(), r) {
					return nil
				}
			}
		case ssaflow.IsTypeParam(p) || takesAny(p):
		case !keepsNothing(p):
			return nil
		}
	}
	made := Open{Err: -1, Cleanup: -1}
	if o.Err >= 0 {
		made.Err = ssaflow.ErrorResult(sig.Results())
		lent = lent || made.Err < 0
	}
	var list []Open
	for i := range sig.Results().Len() {
		made.At = Place{Index: i}
		switch t := types.Unalias(sig.Results().At(i).Type()); {
		case t == types.Type(r):
		case elemOf(t) != nil && types.Unalias(elemOf(t)) == types.Type(r):
			made.At.Shape = heap.Here().Deref(heap.Elem).String()
		case mentions(t, r):
			return nil // it is in there, and nobody knows how to get it out
		default:
			continue
		}
		made.Lent = lent
		list = append(list, made)
	}
	if len(list) != 1 {
		return nil
	}
	return list
}

// takesAny reports whether a type is a list of values of a type parameter.
func takesAny(t types.Type) bool {
	elem := elemOf(t)
	return elem != nil && ssaflow.IsTypeParam(types.Unalias(elem))
}

// makeFacts returns what callers in other packages need to know of what a
// function does with what its func parameters open.
func (e *openings) makeFacts(fn *ssa.Function) []Make {
	var list []Make
	for i, p := range fn.Params {
		sig, ok := p.Type().Underlying().(*types.Signature)
		if !ok || !e.opensByType(sig) {
			continue
		}
		for r := range sig.Results().Len() {
			t := sig.Results().At(r).Type()
			if ssaflow.IsError(t) || !e.know.canHold(t) {
				continue
			}
			for _, via := range e.viasOf(t) {
				var release []string
				if via != "" {
					release = strings.Split(via, ",")
				}
				var opens []Open
				for _, o := range e.makesOf(fn, i, r, release) {
					if x, ok := exportable(fn, o); ok {
						opens = append(opens, x)
					}
				}
				if opens != nil {
					list = append(list, Make{Func: i, Result: r, Via: via, Opens: opens})
				}
			}
		}
	}
	return list
}

// viasOf returns the methods by which a function can release a value of a type,
// those of each kind of resource that it can be joined by commas.
func (e *openings) viasOf(t types.Type) []string {
	switch {
	case e.know.releaseOf(t) != nil:
		return []string{strings.Join(e.know.releaseOf(t), ",")}
	case bareTypeParam(t):
		return []string{""}
	case types.IsInterface(t) || ssaflow.IsTypeParam(t):
		return slices.Clone(closerNames(t))
	}
	return nil
}
