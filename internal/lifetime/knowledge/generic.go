package knowledge

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
)

// This file says what a function that cannot be read can do, by its signature.
//
// A value of a type parameter has the methods of its constraint and no others.
// A function that is given one can return it, put it in a result, pass it to a
// func that it was given with it, or keep it in something else that it was
// given; it cannot release it. In the same way, who is given an owner as an
// interface can call the methods of that interface. A type assertion breaks
// both, and nobody writes one to close what a caller has in hand.

// A generic is what a function can do with an argument by its type alone.
type generic struct {
	Results   []int // the results that it can be
	Choice    bool  // or they are another argument of its type
	Callbacks []callback
}

// A callback is a func parameter that can be given the argument.
type callback struct {
	Param int
	Arity int
	Takes []int // which of its own parameters
}

// Parametric returns what a function can do with an argument, if its type is a
// type parameter that gives it nothing to do with it but to hand it on.
func Parametric(fn *types.Func, at int) (generic, bool) {
	var g generic
	sig := fn.Origin().Signature()
	params := sig.Params()
	if sig.Recv() != nil || sig.Variadic() && at >= params.Len()-1 || at >= params.Len() {
		return g, false
	}
	t, ok := types.Unalias(params.At(at).Type()).(*types.TypeParam)
	if !ok || t.Constraint().Underlying().(*types.Interface).NumMethods() > 0 {
		return g, false
	}
	for i := range params.Len() {
		p := types.Unalias(params.At(i).Type())
		f, isFunc := p.Underlying().(*types.Signature)
		switch {
		case i == at:
		case p == types.Type(t):
			g.Choice = true
		case ssaflow.IsTypeParam(p):
		case isFunc:
			c := callback{Param: i, Arity: f.Params().Len()}
			for j := range c.Arity {
				switch q := types.Unalias(f.Params().At(j).Type()); {
				case q == types.Type(t):
					c.Takes = append(c.Takes, j)
				case ssaflow.MentionsParam(q, t):
					return g, false
				}
			}
			if c.Takes != nil {
				g.Callbacks = append(g.Callbacks, c)
			}
		case !keepsNothing(p):
			return g, false
		}
	}
	for i := range sig.Results().Len() {
		switch r := types.Unalias(sig.Results().At(i).Type()); {
		case r == types.Type(t):
			g.Results = append(g.Results, i)
		case ssaflow.IsTypeParam(r) || ssaflow.IsError(r):
		default:
			if _, basic := r.Underlying().(*types.Basic); !basic {
				return g, false // it may be in there
			}
		}
	}
	// A function that neither returns it nor passes it on is there for what it
	// does besides: it keeps it somewhere.
	return g, len(g.Results) > 0 || len(g.Callbacks) > 0
}

// keepsNothing reports whether a function cannot keep anything in an argument
// of a type: what it is for is to be read.
func keepsNothing(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return true
	case *types.Slice:
		return keepsNothing(types.Unalias(u.Elem()))
	case *types.Interface:
		if u.NumMethods() == 0 || ssaflow.IsError(t) {
			return !ssaflow.IsTypeParam(t)
		}
		n, ok := t.(*types.Named)
		return ok && n.Obj().Name() == "Context" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
	}
	return false
}

// ParametricMakes returns what a function that cannot be read hands to its
// caller of what a func parameter returns, by its signature: a value of a type
// parameter without methods can only be returned.
func ParametricMakes(fn *types.Func, param int, o facts.Open) []facts.Open {
	sig := fn.Origin().Signature()
	params := sig.Params()
	if sig.Recv() != nil || param >= params.Len() || sig.Variadic() && param == params.Len()-1 {
		return nil
	}
	f, ok := params.At(param).Type().Underlying().(*types.Signature)
	if !ok || o.At.Index >= f.Results().Len() {
		return nil
	}
	r, ok := types.Unalias(f.Results().At(o.At.Index).Type()).(*types.TypeParam)
	if !ok || !ssaflow.IsBareTypeParam(r) {
		return nil
	}
	lent := false
	for i := range params.Len() {
		p := types.Unalias(params.At(i).Type())
		g, isFunc := p.Underlying().(*types.Signature)
		switch {
		case i == param:
		case p == types.Type(r):
			lent = true // or it is that one
		case isFunc:
			for q := range g.Params().Variables() {
				if ssaflow.MentionsParam(q.Type(), r) {
					return nil
				}
			}
		case ssaflow.IsTypeParam(p) || takesAny(p):
		case !keepsNothing(p):
			return nil
		}
	}
	made := facts.Open{Err: -1, Cleanup: -1}
	if o.Err >= 0 {
		made.Err = ssaflow.ErrorResult(sig.Results())
		lent = lent || made.Err < 0
	}
	var list []facts.Open
	for i := range sig.Results().Len() {
		made.At = facts.Place{Index: i}
		switch t := types.Unalias(sig.Results().At(i).Type()); {
		case t == types.Type(r):
		case ssaflow.ElemOf(t) != nil && types.Unalias(ssaflow.ElemOf(t)) == types.Type(r):
			made.At.Shape = heap.Here().Deref(heap.Elem).String()
		case ssaflow.MentionsParam(t, r):
			return nil // it is in there, and nobody knows how to get it out
		default:
			continue
		}
		made.Lent = lent
		list = append(list, made)
	}
	if len(list) != 1 {
		return nil
	}
	return list
}

// takesAny reports whether a type is a list of values of a type parameter.
func takesAny(t types.Type) bool {
	elem := ssaflow.ElemOf(t)
	return elem != nil && ssaflow.IsTypeParam(types.Unalias(elem))
}

// HeldIn returns the result of a generic function that holds a func parameter,
// or what it returns; one that is all that the function can keep it in.
func HeldIn(fn *types.Func, param, result int) (int, bool) {
	sig := fn.Origin().Signature()
	params := sig.Params()
	if param >= params.Len() || sig.Variadic() && param == params.Len()-1 {
		return 0, false
	}
	f, ok := params.At(param).Type().Underlying().(*types.Signature)
	if !ok || result >= f.Results().Len() || !ssaflow.IsBareTypeParam(f.Results().At(result).Type()) {
		return 0, false
	}
	r := types.Unalias(f.Results().At(result).Type()).(*types.TypeParam)
	for i := range params.Len() {
		if p := types.Unalias(params.At(i).Type()); i != param && (ssaflow.MentionsParam(p, r) || !ssaflow.IsTypeParam(p) && !keepsNothing(p)) {
			return 0, false
		}
	}
	at := -1
	for i := range sig.Results().Len() {
		t := types.Unalias(sig.Results().At(i).Type())
		if t == types.Type(r) || at >= 0 && ssaflow.MentionsParam(t, r) {
			return 0, false
		}
		if ssaflow.MentionsParam(t, r) {
			at = i
		}
	}
	return at, at >= 0
}
