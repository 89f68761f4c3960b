package lifetime

import (
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers which calls make an object that only their caller knows, as
// a constructor does. What the caller puts into such an object is still his.

// freshResults returns the results of a call that point to a new object.
func (kn *knowledge) freshResults(c *ssa.CallCommon) []int {
	f := c.StaticCallee()
	if f == nil {
		return nil
	}
	if o := f.Origin(); o != nil {
		f = o
	}
	if kn.hasBody(f) {
		return kn.freshOf(f)
	}
	obj, _ := f.Object().(*types.Func)
	if fact, _ := kn.fact(obj); fact != nil {
		return fact.Fresh
	}
	return nil
}

// freshOf returns the results of a function that always point to a new object,
// unless it fails. Only those are told in which a resource can be.
func (kn *knowledge) freshOf(fn *ssa.Function) []int {
	return kn.fresh.meanwhile(fn, nil, func() (list []int) {
		res := fn.Signature.Results()
		for i := range res.Len() {
			p, ok := res.At(i).Type().Underlying().(*types.Pointer)
			if !ok {
				continue
			}
			if _, ok := p.Elem().Underlying().(*types.Struct); ok && kn.canHold(p.Elem()) && kn.releaseOf(p) == nil && kn.makes(fn, i) {
				list = append(list, i)
			}
		}
		return list
	})
}

// makes reports whether a result of a function is a new object on each path, or
// nil beside an error.
func (kn *knowledge) makes(fn *ssa.Function, index int) bool {
	made := false
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		switch v := ret.Results[index].(type) {
		case *ssa.Alloc:
			if !kn.unknown(v) {
				return false
			}
			made = true
		case *ssa.Call:
			if f := v.Call.StaticCallee(); f == nil || !slices.Contains(kn.freshResults(&v.Call), 0) || !kn.unknown(v) {
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
func (kn *knowledge) unknown(object ssa.Value) bool {
	for _, ref := range *object.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr, *ssa.Return, *ssa.DebugRef:
		case *ssa.Store:
			if ref.Addr != object {
				return false
			}
		case *ssa.Call:
			f := ref.Call.StaticCallee()
			if f == nil || !kn.hasBody(f) {
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
