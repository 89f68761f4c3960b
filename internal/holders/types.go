package holders

import (
	"go/types"

	"github.com/redislint/redislint/internal/redisapi"
)

// heldType is what a type says about the resources in its values.
type heldType struct {
	kind  redisapi.Kind // a value can hold a resource of this kind; "" if the type does not say so
	path  []*types.Var  // the fields that lead to it
	hides bool          // a value can hold one all the same: behind an interface, in a func
}

// fieldOf returns the last field on the way to the resource that a package
// declares itself, or nil.
func (h heldType) fieldOf(pkg *types.Package) *types.Var {
	var last *types.Var
	for _, f := range h.path {
		if f.Pkg() == pkg {
			last = f
		}
	}
	return last
}

// holdTypes walks types, other packages' too: their fields are visible.
type holdTypes struct {
	table *redisapi.Table
	own   *types.Package
	known map[types.Type]heldType
}

// Bounds on the walk through one type.
const (
	maxTypeDepth = 24
	maxTypes     = 3000
)

// of answers for a type.
func (h *holdTypes) of(t types.Type) heldType {
	if found, ok := h.known[t]; ok {
		return found
	}
	w := &typeWalk{holdTypes: h, seen: map[types.Type]bool{}}
	w.walk(t, 0)
	h.known[t] = w.found
	return w.found
}

type typeWalk struct {
	*holdTypes
	seen   map[types.Type]bool
	path   []*types.Var
	found  heldType
	opaque int // empty interfaces and unsafe pointers met
}

// walk looks for a resource in values of a type and reports whether there is
// one.
func (w *typeWalk) walk(t types.Type, depth int) bool {
	t = types.Unalias(t)
	if w.seen[t] {
		return false
	}
	if depth > maxTypeDepth || len(w.seen) > maxTypes {
		w.found.hides = true
		return false
	}
	w.seen[t] = true
	depth++
	switch t := t.(type) {
	case *types.Named:
		return w.named(t, depth)
	case *types.Pointer:
		return w.walk(t.Elem(), depth)
	case *types.Slice:
		return w.walk(t.Elem(), depth)
	case *types.Chan:
		return w.walk(t.Elem(), depth)
	case *types.Array:
		return t.Len() != 0 && w.walk(t.Elem(), depth)
	case *types.Map:
		return w.walk(t.Elem(), depth) || w.walk(t.Key(), depth)
	case *types.Struct:
		for i := range t.NumFields() {
			w.path = append(w.path, t.Field(i))
			if w.walk(t.Field(i).Type(), depth) {
				return true
			}
			w.path = w.path[:len(w.path)-1]
		}
	case *types.Signature:
		w.found.hides = true
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			w.found.hides = true
			w.opaque++
		}
	case *types.Interface:
		w.found.hides = true
		if t.Empty() {
			w.opaque++
		}
	case *types.TypeParam, *types.Tuple:
		w.found.hides = true
	}
	return false
}

func (w *typeWalk) named(t *types.Named, depth int) bool {
	pkg := t.Obj().Pkg()
	if pkg == nil {
		return false // error, which holds nothing
	}
	if row := w.table.Type(t.Obj()); row != nil && row.Kind != "" {
		switch row.Kind {
		case redisapi.Server:
			return false
		case redisapi.Handle:
			w.found.hides = true // on what client, its origin tells
			return false
		}
		w.found.kind = row.Kind
		w.found.path = append([]*types.Var(nil), w.path...)
		return true
	}
	if w.table.Covers(pkg.Path()) && pkg != w.own {
		w.found.hides = true // a library's insides are known by rows: options hold no client
		return false
	}
	before := w.opaque
	if w.walk(t.Underlying(), depth) {
		return true
	}
	switch t.Underlying().(type) {
	case *types.Interface, *types.Signature:
		return false
	}
	// A container that keeps its elements behind an empty interface or an
	// unsafe pointer: its type arguments say what they are.
	if w.opaque > before {
		for i := range t.TypeArgs().Len() {
			if w.walk(t.TypeArgs().At(i), depth) {
				return true
			}
		}
	}
	return false
}
