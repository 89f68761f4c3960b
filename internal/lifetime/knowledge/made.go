package knowledge

import (
	"go/types"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file knows the objects that constructors of the package give out as
// interfaces: of which type they are, and what is in them.

// BoxedOf returns the result of a function of this package that always is a new
// object in an interface, and the type of the pointer to it; nil if there is none,
// or several.
func (kn *Base) BoxedOf(fn *ssa.Function) (index int, t types.Type) {
	b := kn.boxed.Meanwhile(fn, boxed{}, func() (one boxed) {
		res := fn.Signature.Results()
		for i := range res.Len() {
			if !types.IsInterface(res.At(i).Type()) || ssaflow.IsError(res.At(i).Type()) {
				continue
			}
			if t := returnedType(fn, i); t != nil && kn.CanHold(t) && kn.makes(fn, i) {
				if one.t != nil {
					return boxed{}
				}
				one = boxed{i, t}
			}
		}
		return one
	})
	return b.index, b.t
}

type boxed struct {
	index int
	t     types.Type
}

// returnedType returns the type of the pointer to a struct that a result, an
// interface, always is; nil if there are several. Beside an error it may be nil.
func returnedType(fn *ssa.Function, index int) (t types.Type) {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || ssaflow.IsNil(ret.Results[index]) {
			continue
		}
		box, ok := ret.Results[index].(*ssa.MakeInterface)
		if !ok || t != nil && !types.Identical(t, box.X.Type()) {
			return nil
		}
		t = box.X.Type()
	}
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); !ok {
		return nil
	} else if _, ok := p.Elem().Underlying().(*types.Struct); !ok {
		return nil
	}
	return t
}

// MadeAs returns the type of the pointer to a new object that a call returns in an
// interface, or nil.
func MadeAs(kn *Base, c *ssa.CallCommon) types.Type {
	f := c.StaticCallee()
	if f == nil || !kn.HasBody(f) || ssaflow.HasTypeArgs(f) {
		return nil
	}
	_, t := kn.BoxedOf(f)
	return t
}

// MethodMade returns the method that a call of an interface's method runs, if what
// it is called on is an object that this function made or had made.
func MethodMade(kn *Base, c *ssa.CallCommon) *ssa.Function {
	var t types.Type
	v := c.Value
	for {
		change, ok := v.(*ssa.ChangeInterface)
		if !ok {
			break
		}
		v = change.X
	}
	switch v := v.(type) {
	case *ssa.MakeInterface:
		t = v.X.Type()
	case *ssa.Call:
		t = MadeAs(kn, &v.Call)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			if t = MadeAs(kn, &call.Call); t != nil {
				if i, _ := kn.BoxedOf(call.Call.StaticCallee()); i != v.Index {
					return nil
				}
			}
		}
	}
	if t == nil {
		return nil
	}
	if f := kn.Method(t, c.Method); f != nil && kn.HasBody(f) && f.Synthetic == "" {
		return f
	}
	return nil
}

// LeavesEmpty reports whether what a call makes has nothing in a field.
func LeavesEmpty(kn *Base, call *ssa.Call, field int) bool {
	return leavesEmpty(kn, call, field, 0)
}

// deepest bounds the constructors that call one another.
const deepest = 8

func leavesEmpty(kn *Base, call *ssa.Call, field, depth int) bool {
	f := call.Call.StaticCallee()
	if f == nil || !kn.HasBody(f) || depth == deepest {
		return false
	}
	made := false
	for _, b := range f.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		for _, r := range ret.Results {
			switch v := ssaflow.Unboxed(r).(type) {
			case *ssa.Alloc:
				for _, ref := range *v.Referrers() {
					switch ref := ref.(type) {
					case *ssa.FieldAddr:
						if ref.Field == field {
							return false
						}
					case *ssa.Store, *ssa.Call:
						return false
					}
				}
				made = true
			case *ssa.Call:
				if !leavesEmpty(kn, v, field, depth+1) {
					return false
				}
				made = true
			}
		}
	}
	return made
}
