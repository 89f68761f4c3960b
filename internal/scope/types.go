package scope

import (
	"go/types"

	"github.com/redislint/redislint/internal/ssaflow"
)

// What a value can be decides whether it is in the graph at all: most of a
// package has nothing to do with a client.

// leads reports whether a value of a type is a client, a handle on one, a
// container or an object that holds one, or a func that is passed one or
// returns one. What is behind an interface of the program's own is not
// followed: it is no client by which a command could be issued.
func (g *graph) leads(t types.Type) bool { return g.leadsWithin(t, maxNamed) }

// maxNamed bounds the named types between an object and the client that it
// holds. Farther away, what holds it says nothing about it.
const maxNamed = 3

type leadsKey struct {
	t     types.Type
	named int
}

// leadsWithin is leads by way of so many named types at most.
func (g *graph) leadsWithin(t types.Type, named int) bool {
	key := leadsKey{t, named}
	r, ok := g.leading[key]
	if !ok {
		r = g.leadsNew(t, named)
		g.leading[key] = r
	}
	return r
}

func (g *graph) leadsNew(t types.Type, named int) bool {
	if g.isClient(t) {
		return true
	}
	switch t := t.(type) {
	case *types.Alias:
		return g.leadsWithin(types.Unalias(t), named)
	case *types.Named:
		if g.ofLibrary(t) {
			// A client is made of unexported types, and options can hold one.
			return !t.Obj().Exported() || g.table.Literal(t.Obj()) != nil
		}
		if named == 0 {
			return false
		}
		for arg := range t.TypeArgs().Types() {
			if g.leadsWithin(arg, named-1) {
				return true
			}
		}
		return g.leadsWithin(t.Underlying(), named-1)
	case *types.TypeParam:
		return true
	case *types.Pointer:
		return g.leadsWithin(t.Elem(), named)
	case *types.Slice:
		return g.leadsWithin(t.Elem(), named)
	case *types.Array:
		return g.leadsWithin(t.Elem(), named)
	case *types.Chan:
		return g.leadsWithin(t.Elem(), named)
	case *types.Map:
		return g.leadsWithin(t.Elem(), named)
	case *types.Struct:
		for f := range t.Fields() {
			if g.leadsWithin(f.Type(), named) {
				return true
			}
		}
	case *types.Signature:
		return g.leadsWithin(t.Params(), named) || g.leadsWithin(t.Results(), named)
	case *types.Tuple:
		for v := range t.Variables() {
			if g.leadsWithin(v.Type(), named) {
				return true
			}
		}
	}
	return false
}

// isClient reports whether a type is a client or a handle on one, or an
// interface made of one.
func (g *graph) isClient(t types.Type) bool {
	if n := ssaflow.Named(t); n != nil && g.ofLibrary(n) {
		typ := g.table.Type(n.Obj())
		return typ != nil || types.IsInterface(n)
	}
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for m := range iface.Methods() {
		if m.Pkg() != nil && g.table.Covers(m.Pkg().Path()) {
			return true
		}
	}
	return false
}

// isContained reports whether a type is a client's, or that of a container of
// clients.
func (g *graph) isContained(t types.Type) bool {
	return holds(t, func(t types.Type) bool {
		_, generic := t.(*types.TypeParam)
		return generic || g.isClient(t)
	})
}

// isFunc reports whether a variable of a type, or a container of it, holds
// funcs.
func isFunc(t types.Type) bool {
	return holds(t, func(t types.Type) bool {
		_, ok := t.Underlying().(*types.Signature)
		return ok
	})
}

// maxContainers bounds the containers and pointers around an element.
const maxContainers = 8

// holds reports whether the element in the containers of a type is of some kind.
func holds(t types.Type, kind func(types.Type) bool) bool {
	for range maxContainers {
		if kind(t) {
			return true
		}
		switch u := t.Underlying().(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Slice:
			t = u.Elem()
		case *types.Array:
			t = u.Elem()
		case *types.Map:
			t = u.Elem()
		case *types.Chan:
			t = u.Elem()
		default:
			return false
		}
	}
	return false
}

// library is the import path of the library whose client a type is, or "".
func (g *graph) library(t types.Type) string {
	if t == nil {
		return ""
	}
	if n := ssaflow.Named(t); n != nil && g.ofLibrary(n) {
		return n.Obj().Pkg().Path()
	}
	if iface, ok := t.Underlying().(*types.Interface); ok {
		for m := range iface.Methods() {
			if m.Pkg() != nil && g.table.Covers(m.Pkg().Path()) {
				return m.Pkg().Path()
			}
		}
	}
	return ""
}
