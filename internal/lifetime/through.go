package lifetime

import (
	"go/types"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers what a call hands to its caller because a func that it was
// given opens it: a helper that calls a factory, and returns what that made.

// throughFuncs returns what the funcs that a call passes open, and the call
// hands on.
func (e *openings) throughFuncs(c *ssa.CallCommon, callee *ssa.Function, obj *types.Func) []facts.Open {
	var list []facts.Open
	for i, a := range c.Args {
		sig, ok := a.Type().Underlying().(*types.Signature)
		if !ok || !e.know.OpensByType(sig) {
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

// made returns what a function hands to its caller of what one of its func
// parameters opens.
func (e *openings) made(callee *ssa.Function, obj *types.Func, param int, o facts.Open) []facts.Open {
	if e.know.HasBody(callee) {
		return e.makesOf(callee, param, o.At.Index, o.Release)
	}
	if obj == nil {
		return nil
	}
	fact, analysed := e.know.Fact(obj)
	if analysed {
		via := strings.Join(o.Release, ",")
		if fact != nil {
			for _, m := range fact.Makes {
				if m.Func == param && m.Result == o.At.Index && (m.Via == "" || facts.Overlaps(m.Via, via)) {
					return m.Opens
				}
			}
		}
		return nil
	}
	if row := e.know.Table.Func(obj); row != nil && (row.Library || len(row.Factories) > 0) {
		return nil // a library owns what its factories make
	}
	return knowledge.ParametricMakes(obj, param, o)
}

// makesOf returns what a function of this package hands to its caller if each
// call of a func parameter opens a resource, in one of its results.
func (e *openings) makesOf(fn *ssa.Function, param, result int, release []string) []facts.Open {
	key := makesKey{fn, param, result, strings.Join(release, ",")}
	if _, known := e.makes.Known(key); !known && e.depth >= maxDepth {
		return nil
	}
	return e.makes.Meanwhile(key, nil, func() (list []facts.Open) {
		e.depth++
		defer func() { e.depth-- }()
		var sites []*site
		for _, f := range append([]*ssa.Function{fn}, fn.AnonFuncs...) {
			for _, b := range f.Blocks {
				for _, instr := range b.Instrs {
					call, ok := instr.(*ssa.Call)
					if !ok || call.Call.IsInvoke() || ssaflow.ParameterOf(call.Call.Value) != fn.Params[param] {
						continue
					}
					o := facts.Open{At: facts.Place{Index: result}, Err: ssaflow.ErrorResult(call.Call.Signature().Results()), Cleanup: -1, Release: release}
					if e.making[call.Common()] != nil {
						return nil // by itself
					}
					e.making[call.Common()] = []facts.Open{o}
					defer delete(e.making, call.Common())
					sites = append(sites, &site{instr: call, fn: f, open: o, dyn: knowledge.ResultType(call, o.At)})
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

// makeFacts returns what callers in other packages need to know of what a
// function does with what its func parameters open.
func (e *openings) makeFacts(fn *ssa.Function) []facts.Make {
	var list []facts.Make
	for i, p := range fn.Params {
		sig, ok := p.Type().Underlying().(*types.Signature)
		if !ok || !e.know.OpensByType(sig) {
			continue
		}
		for r := range sig.Results().Len() {
			t := sig.Results().At(r).Type()
			if ssaflow.IsError(t) || !e.know.CanHold(t) {
				continue
			}
			for _, via := range e.know.ViasOf(t) {
				var release []string
				if via != "" {
					release = strings.Split(via, ",")
				}
				var opens []facts.Open
				for _, o := range e.makesOf(fn, i, r, release) {
					if x, ok := knowledge.Exportable(fn, o); ok {
						opens = append(opens, x)
					}
				}
				if opens != nil {
					list = append(list, facts.Make{Func: i, Result: r, Via: via, Opens: opens})
				}
			}
		}
	}
	return list
}
