package ssaflow

import "golang.org/x/tools/go/ssa"

// Through returns the value that an instruction gives another type and nothing
// else: boxed in an interface, taken out of one, or converted between types with
// the same underlying one. An assertion that may fail is none, since its value
// may be zero then.
func Through(v ssa.Value) (inner ssa.Value, ok bool) {
	switch v := v.(type) {
	case *ssa.MakeInterface:
		return v.X, true
	case *ssa.ChangeInterface:
		return v.X, true
	case *ssa.ChangeType:
		return v.X, true
	case *ssa.TypeAssert:
		return v.X, !v.CommaOk
	}
	return nil, false
}

// Bare returns a value as it was before it was given other types.
func Bare(v ssa.Value) ssa.Value {
	for {
		inner, ok := Through(v)
		if !ok {
			return v
		}
		v = inner
	}
}

// Unboxed returns what is boxed in an interface here, or the value itself. It
// has the concrete type.
func Unboxed(v ssa.Value) ssa.Value {
	if m, ok := v.(*ssa.MakeInterface); ok {
		return m.X
	}
	return v
}

// Aliases returns a value, and those from which it was converted: who has one of
// them sees what is put into the object that it points to.
func Aliases(v ssa.Value) []ssa.Value {
	list := []ssa.Value{v}
	for {
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.TypeAssert:
			v = x.X
		case *ssa.Extract:
			v = x.Tuple
		default:
			return list
		}
		list = append(list, v)
	}
}
