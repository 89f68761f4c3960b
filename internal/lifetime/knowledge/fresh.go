package knowledge

import (
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers which calls make an object that only their caller knows, as
// a constructor does, and which return one that they are passed. What the caller
// puts into such an object is still his.

// ResultsOf returns the results of a call that point to a new object, and those
// that are an argument.
func (kn *Base) ResultsOf(c *ssa.CallCommon) (fresh []int, same []facts.Same) {
	f := c.StaticCallee()
	if f == nil {
		return nil, nil
	}
	if o := f.Origin(); o != nil {
		f = o
	}
	if kn.HasBody(f) {
		if i, t := kn.BoxedOf(f); t != nil {
			return []int{i}, kn.SameOf(f)
		}
		return kn.FreshOf(f), kn.SameOf(f)
	}
	obj, _ := f.Object().(*types.Func)
	if fact, _ := kn.Fact(obj); fact != nil {
		return fact.Fresh, fact.Same
	}
	return nil, nil
}

// SameOf returns the results of a function that are a parameter on each path.
func (kn *Base) SameOf(fn *ssa.Function) []facts.Same {
	return kn.same.Of(fn, func() (list []facts.Same) {
		for i := range fn.Signature.Results().Len() {
			if p := returned(fn, i); p != nil && kn.CanHold(p.Type()) {
				if _, ok := p.Type().Underlying().(*types.Pointer); ok {
					list = append(list, facts.Same{Result: i, Param: slices.Index(fn.Params, p)})
				}
			}
		}
		return list
	})
}

// returned returns the parameter that a result of a function always is, or nil.
func returned(fn *ssa.Function, index int) *ssa.Parameter {
	var one *ssa.Parameter
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			p, ok := ret.Results[index].(*ssa.Parameter)
			if !ok || one != nil && p != one {
				return nil
			}
			one = p
		}
	}
	return one
}

// FreshOf returns the results of a function that always point to a new object,
// unless it fails. Only those are told in which a resource can be.
func (kn *Base) FreshOf(fn *ssa.Function) []int {
	return kn.fresh.Meanwhile(fn, nil, func() (list []int) {
		res := fn.Signature.Results()
		for i := range res.Len() {
			p, ok := res.At(i).Type().Underlying().(*types.Pointer)
			if !ok {
				continue
			}
			if _, ok := p.Elem().Underlying().(*types.Struct); ok && kn.CanHold(p.Elem()) && kn.makes(fn, i) {
				list = append(list, i)
			}
		}
		return list
	})
}

// makes reports whether a result of a function is a new object on each path, or
// nil beside an error.
func (kn *Base) makes(fn *ssa.Function, index int) bool {
	made := false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		switch v := ssaflow.Unboxed(ret.Results[index]).(type) {
		case *ssa.Alloc:
			if !kn.unknown(v) {
				return false
			}
			made = true
		case *ssa.Call:
			if fresh, _ := kn.ResultsOf(&v.Call); !slices.Contains(fresh, 0) || !kn.unknown(v) {
				return false
			}
			made = true
		case *ssa.Const:
			last := ret.Results[len(ret.Results)-1]
			if !ssaflow.IsError(last.Type()) || ssaflow.IsNil(last) {
				return false
			}
		default:
			return false
		}
	}
	return made
}

// unknown reports whether nobody but the function and its caller gets to know an
// object: it is filled in, asked by methods that read and write its fields, and
// returned.
func (kn *Base) unknown(object ssa.Value) bool {
	for _, ref := range *object.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr, *ssa.Return, *ssa.DebugRef:
		case *ssa.MakeInterface:
			if !onlyReturned(ref) {
				return false
			}
		case *ssa.Store:
			if ref.Addr != object {
				return false
			}
		case *ssa.Call:
			f := ref.Call.StaticCallee()
			if f == nil || !kn.HasBody(f) {
				return false
			}
			for i, a := range ref.Call.Args {
				if a == object && (i >= len(f.Params) || !onlyFields(f.Params[i])) {
					return false
				}
			}
		default:
			return false
		}
	}
	return true
}

func onlyReturned(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref.(type) {
		case *ssa.Return, *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}

// onlyFields reports whether a function reads and writes fields of what a
// parameter points to, and does nothing else with it.
func onlyFields(p *ssa.Parameter) bool {
	for _, ref := range *p.Referrers() {
		switch ref.(type) {
		case *ssa.FieldAddr, *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}
