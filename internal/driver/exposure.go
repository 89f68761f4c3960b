package driver

import "go/types"

// exposure finds out what a client of a package can get hold of: it walks
// the types of everything exported, in the direction in which values come to
// the client. A parameter is nothing the client gets; a result, a variable, a
// field, and a parameter of a callback are.
type exposure struct {
	covers  func(path string) bool
	exposes func(types.Object) bool // known to hand out a Redis value
	seen    map[types.Type]bool
	reach   map[types.Object]bool // objects that a client can select
	found   bool                  // a covered type or an object that exposes is among them
}

// exposureOf returns the objects that a client of pkg can select, and whether
// the client can get hold of a Redis value: any of them is of a covered
// package, or known to hand one out.
func exposureOf(pkg *types.Package, covers func(string) bool, exposes func(types.Object) bool) (map[types.Object]bool, bool) {
	e := &exposure{covers: covers, exposes: exposes, seen: make(map[types.Type]bool), reach: make(map[types.Object]bool)}
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		if obj := scope.Lookup(name); obj.Exported() {
			e.object(obj)
			e.typ(obj.Type())
		}
	}
	return e.reach, e.found
}

func (e *exposure) object(obj types.Object) {
	e.reach[obj] = true
	if e.exposes(obj) {
		e.found = true
	}
}

// typ walks a type of which the client gets a value.
func (e *exposure) typ(t types.Type) {
	if t == nil || e.seen[t] {
		return
	}
	e.seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		e.typeName(t.Obj())
		for arg := range t.TypeArgs().Types() {
			e.typ(arg)
		}
		e.typ(types.Unalias(t))
	case *types.Named:
		e.typeName(t.Obj())
		for arg := range t.TypeArgs().Types() {
			e.typ(arg)
		}
		if t.Origin() != t {
			e.typ(t.Origin())
			return
		}
		if e.covered(t.Obj()) {
			return // the library's own insides are known by rows
		}
		for m := range t.Methods() {
			if m.Exported() {
				e.object(m)
				e.typ(m.Signature())
			}
		}
		e.typ(t.Underlying())
	case *types.Pointer:
		e.typ(t.Elem())
	case *types.Slice:
		e.typ(t.Elem())
	case *types.Array:
		e.typ(t.Elem())
	case *types.Chan:
		e.typ(t.Elem())
	case *types.Map:
		e.typ(t.Key())
		e.typ(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if f.Exported() || f.Embedded() {
				e.object(f)
				e.typ(f.Type())
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if m.Exported() {
				e.object(m)
				e.typ(m.Signature())
			}
		}
	case *types.Signature:
		for v := range t.Results().Variables() {
			e.typ(v.Type())
		}
		for v := range t.Params().Variables() {
			e.callback(v.Type())
		}
	}
}

// callback walks the type of a parameter: what a func in it is called with
// comes to the client.
func (e *exposure) callback(t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Slice:
		e.callback(t.Elem())
	case *types.Named:
		if sig, ok := t.Underlying().(*types.Signature); ok {
			e.parameters(sig)
		}
	case *types.Signature:
		e.parameters(t)
	}
}

func (e *exposure) parameters(sig *types.Signature) {
	for v := range sig.Params().Variables() {
		e.typ(v.Type())
	}
}

func (e *exposure) typeName(obj *types.TypeName) {
	e.object(obj)
	if e.covered(obj) {
		e.found = true
	}
}

func (e *exposure) covered(obj types.Object) bool {
	return obj.Pkg() != nil && e.covers(obj.Pkg().Path())
}
