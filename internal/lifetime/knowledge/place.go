package knowledge

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// PlaceType returns the type of the result or the parameter that a place is in, or
// nil.
func PlaceType(fn *ssa.Function, p facts.Place) types.Type {
	if p.Param {
		if p.Index < len(fn.Params) {
			return fn.Params[p.Index].Type()
		}
		return nil
	}
	if res := fn.Signature.Results(); p.Index < res.Len() {
		return res.At(p.Index).Type()
	}
	return nil
}

// ResultType is the type of the object that a place in a call's result names.
func ResultType(v ssa.Value, p facts.Place) types.Type {
	if dyn := p.Dynamic(); dyn != nil {
		return dyn
	}
	t := v.Type()
	if tup, ok := t.(*types.Tuple); ok {
		if p.Index >= tup.Len() {
			return nil
		}
		t = tup.At(p.Index).Type()
	}
	if types.IsInterface(t) {
		return nil
	}
	return t
}

// ParamType is the type of what a call passes as an argument, the receiver
// first; nil for a receiver.
func ParamType(fn *types.Func, i int) types.Type {
	if fn == nil {
		return nil
	}
	sig := fn.Signature()
	if sig.Recv() != nil {
		i--
	}
	params := sig.Params()
	switch {
	case i < 0 || params.Len() == 0:
		return nil
	case i < params.Len()-1 || i < params.Len() && !sig.Variadic():
		return params.At(i).Type()
	case sig.Variadic():
		return ssaflow.ElemOf(params.At(params.Len() - 1).Type())
	}
	return nil
}

// ParamIsInterface reports whether a function takes an argument as an interface or
// as a value of a type parameter; the receiver is argument 0.
func ParamIsInterface(method *types.Func, i int) bool {
	sig := method.Type().(*types.Signature)
	if sig.Recv() != nil {
		i--
	}
	if i < 0 || sig.Params().Len() == 0 {
		return false
	}
	if i >= sig.Params().Len() {
		i = sig.Params().Len() - 1
	}
	t := sig.Params().At(i).Type()
	return types.IsInterface(t) || ssaflow.IsTypeParam(t)
}

// BoolArgs lists what a call can pass for a function's boolean parameters.
func BoolArgs(fn *ssa.Function) []facts.Constant {
	var list []facts.Constant
	for i, p := range fn.Params {
		if ssaflow.IsBool(p.Type()) {
			list = append(list, facts.Constant{Param: i, Value: "true"}, facts.Constant{Param: i, Value: "false"})
		}
	}
	return list
}

// Exportable turns an opened resource into a form that other packages can use.
// Behind an interface they cannot see the object that holds it: for them the
// interface value is the resource. They release it by those methods of the object
// that the interface lists, or have to ask for them if it lists none.
func Exportable(fn *ssa.Function, o facts.Open) (facts.Open, bool) {
	t := PlaceType(fn, o.At)
	if t == nil {
		return o, false
	}
	if shape := heap.Shape(o.At.Shape); shape != heap.Itself && o.At.ClosedWith() == nil && len(o.Also) == 0 && !shape.Elems() && !VisiblePath(t, o.At.Shape) {
		return o, false // this package has it by fields that others do not see
	}
	if !o.At.Param && types.IsInterface(t) && o.At.Shape != "" {
		iface := t.Underlying().(*types.Interface)
		var names []string
		for _, c := range o.At.ClosedWith() {
			for i := 0; i < iface.NumMethods(); i++ {
				if iface.Method(i).Name() == c {
					names = append(names, c)
				}
			}
		}
		if len(names) == 0 {
			names = o.At.ClosedWith()
		}
		if len(names) == 0 {
			return o, false
		}
		o.At.Shape, o.Release = "", names
	}
	o.At = o.At.Portable()
	o.Also = append([]facts.Place(nil), o.Also...)
	for i := range o.Also {
		o.Also[i] = o.Also[i].Portable()
	}
	return o, true
}
