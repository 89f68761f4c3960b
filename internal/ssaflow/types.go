package ssaflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// HasTypeArgs reports whether a function is generic, or an instance of one that
// is.
func HasTypeArgs(fn *ssa.Function) bool {
	return fn.TypeParams().Len() > 0 || len(fn.TypeArgs()) > 0
}

// IsGeneric reports whether a type, or what it points to, is a generic type
// without type arguments.
func IsGeneric(t types.Type) bool {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.TypeParams().Len() > 0 && n.TypeArgs().Len() == 0
}

// Named returns the named type that a type is or points to, or nil.
func Named(t types.Type) *types.Named {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

// IsFunc reports whether values of a type are funcs.
func IsFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// IsTypeParam reports whether a type is a type parameter.
func IsTypeParam(t types.Type) bool {
	_, ok := t.(*types.TypeParam)
	return ok
}

// IsNamed reports whether a type is the one of that name in a package.
func IsNamed(n *types.Named, path, name string) bool {
	return n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path && n.Obj().Name() == name
}

// IsError reports whether a type is error.
func IsError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// DeclaredField is Field as its type declares it: the same for all instances of
// a generic type.
func DeclaredField(t types.Type, i int) *types.Var {
	if f := Field(t, i); f != nil {
		return f.Origin()
	}
	return nil
}

// Deref returns what a type points to, or the type itself.
func Deref(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// IsBool reports whether values of a type are true or false.
func IsBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}

// Field returns a field of the struct that a type is or points to, or nil.
func Field(t types.Type, i int) *types.Var {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if s, ok := t.Underlying().(*types.Struct); ok {
		return s.Field(i)
	}
	return nil
}

// IsContext reports whether a type is context.Context.
func IsContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Context" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
}
