package lifetime

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file says what a function that cannot be read can do, by its signature.
//
// A value of a type parameter has the methods of its constraint and no others.
// A function that is given one can return it, put it in a result, pass it to a
// func that it was given with it, or keep it in something else that it was
// given; it cannot release it. In the same way, who is given an owner as an
// interface can call the methods of that interface. A type assertion breaks
// both, and nobody writes one to close what a caller has in hand.

// unread applies a call of a function whose package was not analysed.
func (s calls) unread(st *state, instr ssa.CallInstruction, fn *types.Func, args []*heap.Term, how mode) []result {
	s.keepUnread(st, fn, args)
	if st.status != open || fn == nil {
		return s.unknownCall(st, instr, args, MovedUnknown)
	}
	at := -1
	for i, a := range args {
		if !st.Holds(a) || !s.funcs().takesAway(st, a) || s.borrowsOwner(st, fn, i, a) {
			continue
		}
		if at >= 0 {
			return s.unknownCall(st, instr, args, MovedUnknown)
		}
		at = i
	}
	if at < 0 {
		for _, a := range args {
			s.expose(st, a)
		}
		return only(st)
	}
	g, ok := parametric(fn, at)
	if !ok {
		return s.unknownCall(st, instr, args, MovedUnknown)
	}
	for _, c := range g.callbacks {
		if args[c.param].Op != heap.Closure {
			return s.unknownCall(st, instr, args, MovedUnknown)
		}
	}
	states := []*state{st}
	for _, c := range g.callbacks {
		given := make([]*heap.Term, c.arity)
		for i := range given {
			given[i] = s.pool.Unknown
		}
		for _, i := range c.takes {
			given[i] = args[at]
		}
		var next []*state
		for _, st := range states {
			for _, r := range s.funcs().callFunc(st, instr, args[c.param], how, given...) {
				if r.result != nil && r.st.status == open && r.st.Holds(r.result) {
					s.escape(r.st, args[at], MovedUnknown)
				}
				next = append(next, r.st)
			}
		}
		states = next
	}
	v := ssaflow.ValueOf(instr)
	var results []result
	for _, st := range states {
		for i, a := range args {
			if i != at {
				s.expose(st, a)
			}
		}
		if v == nil || len(g.results) == 0 || st.status != open {
			results = append(results, result{st: st})
			continue
		}
		if g.choice {
			results = append(results, result{st: st.clone()})
		}
		parts := map[int]*heap.Term{}
		for _, i := range g.results {
			parts[i] = args[at]
		}
		results = append(results, result{st, s.results(v, parts)})
	}
	return results
}

// A generic is what a function can do with an argument by its type alone.
type generic struct {
	results   []int // the results that it can be
	choice    bool  // or they are another argument of its type
	callbacks []callback
}

// A callback is a func parameter that can be given the argument.
type callback struct {
	param int
	arity int
	takes []int // which of its own parameters
}

// parametric returns what a function can do with an argument, if its type is a
// type parameter that gives it nothing to do with it but to hand it on.
func parametric(fn *types.Func, at int) (generic, bool) {
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
			g.choice = true
		case ssaflow.IsTypeParam(p):
		case isFunc:
			c := callback{param: i, arity: f.Params().Len()}
			for j := range c.arity {
				switch q := types.Unalias(f.Params().At(j).Type()); {
				case q == types.Type(t):
					c.takes = append(c.takes, j)
				case mentions(q, t):
					return g, false
				}
			}
			if c.takes != nil {
				g.callbacks = append(g.callbacks, c)
			}
		case !keepsNothing(p):
			return g, false
		}
	}
	for i := range sig.Results().Len() {
		switch r := types.Unalias(sig.Results().At(i).Type()); {
		case r == types.Type(t):
			g.results = append(g.results, i)
		case ssaflow.IsTypeParam(r) || ssaflow.IsError(r):
		default:
			if _, basic := r.Underlying().(*types.Basic); !basic {
				return g, false // it may be in there
			}
		}
	}
	// A function that neither returns it nor passes it on is there for what it
	// does besides: it keeps it somewhere.
	return g, len(g.results) > 0 || len(g.callbacks) > 0
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

// mentions reports whether a type is made of a type parameter.
func mentions(t types.Type, p *types.TypeParam) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return t == p
	case *types.Pointer:
		return mentions(t.Elem(), p)
	case *types.Slice:
		return mentions(t.Elem(), p)
	case *types.Array:
		return mentions(t.Elem(), p)
	case *types.Chan:
		return mentions(t.Elem(), p)
	case *types.Map:
		return mentions(t.Key(), p) || mentions(t.Elem(), p)
	case *types.Basic:
		return false
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if mentions(a, p) {
				return true
			}
		}
		return false
	}
	return true
}

// borrowsOwner reports whether a function is given an owner of the resource as
// an interface by which it can neither release it nor get it out.
func (s calls) borrowsOwner(st *state, fn *types.Func, i int, a *heap.Term) bool {
	if a.Op != heap.Addr {
		return false
	}
	dyn := s.dynAt(a)
	params := fn.Signature().Params()
	if fn.Signature().Recv() != nil {
		i--
	}
	if dyn == nil || i < 0 || i >= params.Len() || fn.Signature().Variadic() && i == params.Len()-1 {
		return false
	}
	iface, ok := params.At(i).Type().Underlying().(*types.Interface)
	if !ok || iface.NumMethods() == 0 || ssaflow.IsTypeParam(params.At(i).Type()) {
		return false
	}
	shape, ok := s.shape(st, a)
	if !ok || shape == "" {
		return false
	}
	closers := s.e.owners.closers(dyn, shape, nil, s.release)
	for m := range iface.Methods() {
		for _, c := range closers {
			if m.Name() == c {
				return false
			}
		}
		if s.isRelease(m.Name()) {
			return false
		}
		for r := range m.Signature().Results().Variables() {
			if s.e.know.canHold(r.Type()) && s.releasable(r.Type()) {
				return false
			}
		}
	}
	return true
}

// releasable reports whether a value of a type can be released, or is of a type
// that says nothing.
func (s calls) releasable(t types.Type) bool {
	if iface, ok := t.Underlying().(*types.Interface); ok && iface.NumMethods() == 0 {
		return true
	}
	for _, name := range s.release {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name); obj != nil {
			return true
		}
	}
	return false
}
