package knowledge

import (
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers by which methods or fields of a type a resource in it can be
// released, by the type alone.

// CloserNames returns the methods of an interface, or of a type parameter's
// constraint, that could release what is behind it.
func CloserNames(t types.Type) []string {
	if iface, ok := t.Underlying().(*types.Interface); !ok || iface.NumMethods() == 0 {
		return nil
	}
	return ReleaseNames(t)
}

// ReleaseNames returns the methods of an interface that could release what is
// behind it: those that take nothing, or a context, and return nothing or an
// error. An empty interface may be asked for a Close.
func ReleaseNames(t types.Type) []string {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	if iface.NumMethods() == 0 {
		return []string{"Close"}
	}
	var names []string
	for i := 0; i < iface.NumMethods(); i++ {
		if m := iface.Method(i); m.Exported() && Ends(m) {
			names = append(names, m.Name())
		}
	}
	return names
}

// Ends reports whether a method is one that ends its receiver, going by its name
// and its signature.
func Ends(m *types.Func) bool {
	sig := m.Signature()
	switch {
	case sig.Params().Len() > 1 || sig.Results().Len() > 1:
		return false
	case sig.Params().Len() == 1 && sig.Params().At(0).Type().String() != "context.Context":
		return false
	case sig.Results().Len() == 1 && !ssaflow.IsError(sig.Results().At(0).Type()):
		return false
	}
	return CloserRank(m.Name()) < 9 || strings.HasPrefix(m.Name(), "Close") || m.Name() == "close"
}

// CloserRank puts the usual name first.
func CloserRank(name string) int {
	for i, n := range []string{"Close", "Stop", "Shutdown", "Disconnect", "Release"} {
		if name == n {
			return i
		}
	}
	return 9
}

// VisiblePath reports whether a user of the type can get at the resource
// through exported fields, or because the type is this package's own.
func VisiblePath(t types.Type, shape string) bool {
	for _, way := range heap.Shape(shape).Ways() {
		if visible(t, way) {
			return true
		}
	}
	return false
}

// visible reports whether all fields on a way are exported, as far as the first
// element: who has a container can range over it.
func visible(t types.Type, way heap.Way) bool {
	for i, path := range way.Paths {
		if i > 0 {
			if p, ok := t.Underlying().(*types.Pointer); ok {
				t = p.Elem()
			}
		}
		for path != "" {
			field, rest, _ := path.First()
			if field < 0 {
				return true
			}
			st, ok := t.Underlying().(*types.Struct)
			if !ok || field >= st.NumFields() || !st.Field(field).Exported() {
				return false
			}
			t, path = st.Field(field).Type(), rest
		}
	}
	return true
}

// OwnPath reports whether a user of the type in this package can get at the
// resource through a field, and has no other way: the struct has no name, so that
// it has no methods, or the field holds a func that releases the resource.
func (kn *Base) OwnPath(t types.Type, shape string) bool {
	for _, way := range heap.Shape(shape).Ways() {
		st := fieldsOnWay(t, way)
		if st == nil {
			continue
		}
		own := true
		for _, f := range st {
			own = own && (f.Exported() || f.Pkg() == kn.pass.Pkg)
		}
		if _, bare := ssaflow.Deref(t).(*types.Struct); own && (bare || way.Func) {
			return true
		}
	}
	return false
}

// fieldsOnWay returns the fields on a way, or nil if there is something else on
// it.
func fieldsOnWay(t types.Type, way heap.Way) []*types.Var {
	var fields []*types.Var
	for i, path := range way.Paths {
		if i > 0 {
			p, ok := t.Underlying().(*types.Pointer)
			if !ok {
				return nil
			}
			t = p.Elem()
		}
		for path != "" {
			field, rest, _ := path.First()
			st, ok := t.Underlying().(*types.Struct)
			if field < 0 || !ok || field >= st.NumFields() {
				return nil
			}
			fields = append(fields, st.Field(field))
			t, path = st.Field(field).Type(), rest
		}
	}
	return fields
}

// BuiltInside reports whether only the package of a type can have put
// something under a shape of it. It was then looked at when that package was
// analysed.
func BuiltInside(method *types.Func, param int, shape string) bool {
	if param != 0 || !ssaflow.IsMethod(method) {
		return false
	}
	return !VisiblePath(method.Type().(*types.Signature).Recv().Type(), shape)
}

// AskedFor returns the methods that could release something, of the types that
// values are asked for in some functions of the package, or in what they call.
func AskedFor(kn *Base, funcs []*ssa.Function) []string {
	return kn.askedFor.Of(kn.pkg, func() []string {
		names := map[string]bool{}
		for _, fn := range funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					switch instr := instr.(type) {
					case *ssa.TypeAssert:
						ms := types.NewMethodSet(instr.AssertedType)
						for m := range ms.Methods() {
							if f, ok := m.Obj().(*types.Func); ok && f.Exported() && Ends(f) {
								names[f.Name()] = true
							}
						}
					case ssa.CallInstruction:
						if fact, _ := kn.Fact(ssaflow.Callee(instr.Common())); fact != nil {
							for _, p := range fact.Params {
								if p.Shape == "" && p.Via != "" && ParamIsInterface(ssaflow.Callee(instr.Common()), p.Param) {
									names[p.Via] = true
								}
							}
						}
					}
				}
			}
		}
		return slices.Sorted(maps.Keys(names))
	})
}
