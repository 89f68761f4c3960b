package knowledge

import (
	"go/types"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// CanHold reports whether a value of a type can lead to a resource.
func (kn *Base) CanHold(t types.Type) bool {
	return kn.holders.Meanwhile(t, false, func() bool { return kn.canHoldNew(t) })
}

func (kn *Base) canHoldNew(t types.Type) bool {
	switch t := t.(type) {
	case *types.Alias:
		return kn.CanHold(types.Unalias(t))
	case *types.TypeParam:
		return true
	case *types.Named:
		if ssaflow.IsError(t) {
			return false
		}
		pkg := t.Obj().Pkg()
		if pkg == nil {
			return true
		}
		if kn.Table.Type(t.Obj()) != nil {
			return true
		}
		if types.IsInterface(t) {
			return pkg.Path() != "context" && pkg.Path() != "testing"
		}
		switch pkg.Path() {
		case "testing", "time", "reflect", "net/http", "strings", "bytes":
			return false
		}
		for i := 0; i < t.TypeArgs().Len(); i++ {
			if kn.CanHold(t.TypeArgs().At(i)) {
				return true
			}
		}
		return kn.CanHold(t.Underlying())
	case *types.Basic:
		return t.Kind() == types.UnsafePointer
	case *types.Pointer:
		return kn.CanHold(t.Elem())
	case *types.Slice:
		return kn.CanHold(t.Elem())
	case *types.Array:
		return kn.CanHold(t.Elem())
	case *types.Chan:
		return kn.CanHold(t.Elem())
	case *types.Map:
		return kn.CanHold(t.Elem()) || kn.CanHold(t.Key())
	case *types.Struct:
		for i := 0; i < t.NumFields(); i++ {
			if kn.CanHold(t.Field(i).Type()) {
				return true
			}
		}
		return false
	case *types.Tuple:
		return true
	}
	return true // interfaces and funcs
}

// OverIdle reports whether x < y compares an index with the length of a container
// in which nothing leads to a resource. How far a loop over it has come decides
// nothing.
func (kn *Base) OverIdle(x, y ssa.Value) bool {
	call, ok := y.(*ssa.Call)
	if !ok {
		return false
	}
	b, ok := call.Call.Value.(*ssa.Builtin)
	if _, bound := x.(*ssa.Const); bound || !ok || b.Name() != "len" {
		return false
	}
	return !kn.CanHold(call.Call.Args[0].Type())
}
