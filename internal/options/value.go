package options

import (
	"go/ast"
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A Value is one that a setting may have where it is used.
type Value struct {
	Const constant.Value // nil if the setting was not set
	Pos   token.Pos      // where it was set, if that is in this package
	Expr  ast.Expr       // the expression that it was set to there, or nil

	kind kind
	of   *ssa.Parameter // of the kind param: which
	path string         // and which field below it
}

// Set reports whether the setting was given a value.
func (v Value) Set() bool { return v.kind != unset }

// kind tells what is known of a value.
type kind uint8

const (
	unset   kind = iota // nobody set it
	isKnown             // a constant
	param               // what a parameter of the function brings
	unknown             // it may be anything
)

// values are those that a setting may have, on different paths.
type values []Value

func (vs values) has(k kind) bool {
	return slices.ContainsFunc(vs, func(v Value) bool { return v.kind == k })
}

// add joins what is known on two paths.
func (vs values) add(more ...Value) values {
	for _, m := range more {
		if !slices.ContainsFunc(vs, func(v Value) bool { return v.same(m) }) {
			vs = append(vs, m)
		}
	}
	return vs
}

func (v Value) same(w Value) bool {
	return v.kind == w.kind && v.of == w.of && v.path == w.path && v.Pos == w.Pos &&
		(v.kind != isKnown || v.Const.ExactString() == w.Const.ExactString())
}

// without are the values of other kinds.
func (vs values) without(k kind) values {
	return slices.DeleteFunc(slices.Clone(vs), func(v Value) bool { return v.kind == k })
}

// at says where values were set that no inner statement set.
func (vs values) at(pos token.Pos, expr ast.Expr) values {
	vs = slices.Clone(vs)
	for i := range vs {
		if !vs[i].Pos.IsValid() && vs[i].kind != unset {
			vs[i].Pos, vs[i].Expr = pos, expr
		}
	}
	return vs
}

func noValue() values  { return values{{kind: unset}} }
func anyValue() values { return values{{kind: unknown}} }
func aValue(c constant.Value) values {
	if c == nil || c.Kind() == constant.Unknown {
		return anyValue()
	}
	return values{{kind: isKnown, Const: c}}
}
