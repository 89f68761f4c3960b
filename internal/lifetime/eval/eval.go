package eval

import (
	"go/token"
	"go/types"
	"maps"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// An Evaluator knows what instructions compute. Equal questions have equal
// terms, whoever asks them and however they are written.
type Evaluator struct {
	know   *knowledge.Base
	graphs *ssaflow.Graphs
	Pool   *heap.Pool
	Type   types.Type                // the dynamic type of the resource, if certain
	Dyn    map[*heap.Term]types.Type // the concrete types of objects held in interfaces
	Flags  map[*heap.Term]bool       // the cells that are
}

// New returns an evaluator for the functions of a package, which knows no path yet.
func New(know *knowledge.Base, graphs *ssaflow.Graphs, pool *heap.Pool) Evaluator {
	return Evaluator{know: know, graphs: graphs, Pool: pool, Dyn: map[*heap.Term]types.Type{}, Flags: map[*heap.Term]bool{}}
}

// Renew says of an earlier turn's objects what is known of those of the last turn
// of a loop.
func (s *Evaluator) Renew(leaf *heap.Term) {
	earlier := s.Pool.Earlier(leaf)
	for t, dyn := range maps.Clone(s.Dyn) {
		if t.Mentions(leaf) {
			s.Dyn[s.Pool.Replace(t, leaf, earlier)] = dyn
		}
	}
	for t := range maps.Clone(s.Flags) {
		if t.Mentions(leaf) {
			s.Flags[s.Pool.Replace(t, leaf, earlier)] = true
		}
	}
}

// DynAt returns the concrete type of the object that an address denotes, or of
// a struct value, if it is certain.
func (s *Evaluator) DynAt(a *heap.Term) types.Type {
	if a.Op == heap.Aggregate {
		return s.Dyn[a]
	}
	return s.Dyn[s.Pool.Within(a.X, a.Path)]
}

// Eval returns what is known of a value.
func (s *Evaluator) Eval(st *State, v ssa.Value) *heap.Term {
	if x, ok := st.Reg(v); ok {
		return x
	}
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return s.Pool.ZeroOf(v.Type())
		}
		return s.Pool.Constant(v.Value)
	case *ssa.Function:
		return s.Pool.Closure(v, nil)
	case *ssa.Global, *ssa.Alloc, *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan, *ssa.FreeVar:
		return s.Pool.Addr(s.Pool.Val(v), "")
	case *ssa.Builtin:
		return s.Pool.Unknown
	}
	return s.Pool.Val(v)
}

// Compute returns the value that an instruction makes.
func (s *Evaluator) Compute(st *State, v ssa.Value) *heap.Term {
	self := s.Pool.Val(v)
	switch v := v.(type) {
	case *ssa.Alloc, *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan:
		return s.Pool.Addr(self, "")
	case *ssa.FieldAddr:
		x := s.Eval(st, v.X)
		if x.Op == heap.Tracked {
			return s.embedded(v.X.Type(), v.Field, self)
		}
		if p := s.Pool.Pointee(x); p != nil {
			return s.Pool.Addr(p.X, p.Path+heap.Field(v.Field))
		}
	case *ssa.IndexAddr:
		if p := s.Pool.Pointee(s.Eval(st, v.X)); p != nil {
			return s.Pool.Addr(p.X, p.Path+heap.Elem)
		}
	case *ssa.Field:
		x := s.Eval(st, v.X)
		if x.Op == heap.Tracked {
			return s.embedded(v.X.Type(), v.Field, self)
		}
		return s.component(x, heap.Field(v.Field), v.Type(), self)
	case *ssa.Index:
		return s.component(s.Eval(st, v.X), heap.Elem, v.Type(), self)
	case *ssa.Lookup:
		x := s.Eval(st, v.X)
		elem := self
		if x.Op == heap.Addr {
			elem = s.Elem(st, x, self)
		}
		if v.CommaOk {
			found := s.Pool.Component(self, heap.Field(1))
			if elem.Op == heap.Tracked || elem.Op == heap.Cleanup {
				found = s.Pool.True
			}
			return s.Pool.Tuple(v, []heap.Part{{Path: heap.Field(0), Term: elem}, {Path: heap.Field(1), Term: found}})
		}
		return elem
	case *ssa.UnOp:
		return s.unop(st, v, self)
	case *ssa.BinOp:
		return operators{s, st}.binop(v, self)
	case *ssa.Extract:
		t := s.Eval(st, v.Tuple)
		switch t.Op {
		case heap.Tuple:
			if p := t.Result(v.Index); p != nil {
				return p
			}
		case heap.Iterator:
			if v.Index == 0 {
				return s.Pool.More(t.X)
			}
			return s.Elem(st, s.Pool.Addr(t.X, ""), self)
		}
	case *ssa.ChangeType:
		return s.Eval(st, v.X)
	case *ssa.ChangeInterface:
		return s.Eval(st, v.X)
	case *ssa.MakeInterface:
		return s.boxed(s.Eval(st, v.X), v.X.Type())
	case *ssa.Convert:
		if x := s.Eval(st, v.X); x.Constant() {
			return x
		}
	case *ssa.SliceToArrayPointer:
		return s.Eval(st, v.X)
	case *ssa.Slice:
		x := s.Eval(st, v.X)
		if p := s.Pool.Pointee(x); p != nil {
			return p
		}
		return x
	case *ssa.TypeAssert:
		return s.asserted(s.Eval(st, v.X), v, self)
	case *ssa.MakeClosure:
		bindings := make([]*heap.Term, len(v.Bindings))
		for i, b := range v.Bindings {
			bindings[i] = s.Eval(st, b)
		}
		return s.Pool.Closure(v.Fn.(*ssa.Function), bindings)
	case *ssa.Range:
		if p := s.Pool.Pointee(s.Eval(st, v.X)); p != nil && p.Path == "" && s.know.CanHold(v.X.Type()) {
			return s.Pool.Iterator(p.X)
		}
	case *ssa.Next:
		if x := s.Eval(st, v.Iter); x.Op == heap.Iterator {
			return x
		}
	}
	return self
}

func (s *Evaluator) unop(st *State, v *ssa.UnOp, self *heap.Term) *heap.Term {
	x := s.Eval(st, v.X)
	switch v.Op {
	case token.MUL:
		if g, ok := v.X.(*ssa.Global); ok && ssaflow.IsError(v.Type()) && g.Name() != "_" {
			return s.Pool.NonNil // package-level errors say what went wrong
		}
		if x.Op == heap.Tracked {
			return x // a copy of the client shares what it holds
		}
		if p := s.Pool.Pointee(x); p != nil {
			loaded := st.Load(p.X, p.Path, func() *heap.Term { return s.Pool.ZeroOf(v.Type()) })
			if loaded.Symbolic() && ofElement(loaded) {
				return self // elements are not told apart, so that two loads need not be equal
			}
			return loaded
		}
	case token.NOT:
		return operators{s, st}.negate(x, self)
	case token.ARROW:
		return s.received(st, v, x, self)
	}
	return self
}

// ofElement reports whether a value was loaded from an element, or through one.
func ofElement(x *heap.Term) bool {
	for ; x.Op == heap.Loaded || x.Op == heap.Within || x.Op == heap.Component; x = x.X {
		if x.Path.Elems() {
			return true
		}
	}
	return false
}

// boxed is a value in an interface.
func (s *Evaluator) boxed(x *heap.Term, t types.Type) *heap.Term {
	switch {
	case x.Op == heap.Addr:
		s.Dyn[s.Pool.Within(x.X, x.Path)] = t
	case x.Op == heap.Aggregate:
		s.Dyn[x] = t
	case x.Op == heap.Nil:
		return s.Pool.NonNil
	case x.Symbolic():
		if _, ptr := t.Underlying().(*types.Pointer); !ptr {
			return s.Pool.NonNil
		}
	}
	return x
}

// asserted is the result of a type assertion.
func (s *Evaluator) asserted(x *heap.Term, v *ssa.TypeAssert, self *heap.Term) *heap.Term {
	if !v.CommaOk {
		return x
	}
	val, ok := x, s.asserts(x, v.AssertedType)
	switch ok {
	case nil:
		ok = s.Pool.Component(self, heap.Field(1))
	case s.Pool.False:
		val = s.Pool.ZeroOf(v.AssertedType)
	}
	return s.Pool.Tuple(v, []heap.Part{{Path: heap.Field(0), Term: val}, {Path: heap.Field(1), Term: ok}})
}

// asserts tells whether a value is certainly of a type, certainly not, or
// neither: True, False or nil.
func (s *Evaluator) asserts(x *heap.Term, t types.Type) *heap.Term {
	var have types.Type
	switch x.Op {
	case heap.Tracked:
		have = s.Type
	case heap.Addr, heap.Aggregate:
		have = s.DynAt(x)
	}
	if have == nil {
		if x.Op == heap.Tracked {
			return s.Pool.True // it is asked because it may be released so
		}
		return nil
	}
	if types.IsInterface(t) {
		implements := types.Implements(have, t.Underlying().(*types.Interface))
		if types.IsInterface(have) && !implements {
			return nil
		}
		return s.Pool.Bool(implements)
	}
	if types.IsInterface(have) {
		return nil
	}
	return s.Pool.Bool(types.Identical(have, t))
}

// embedded returns a field of the resource itself: an embedded one stands for
// the resource, since its methods are promoted.
func (s *Evaluator) embedded(t types.Type, field int, self *heap.Term) *heap.Term {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if st, ok := t.Underlying().(*types.Struct); ok && st.Field(field).Embedded() {
		return s.Pool.Tracked
	}
	return self
}

// component returns a part of an aggregate.
func (s *Evaluator) component(x *heap.Term, path heap.Path, t types.Type, self *heap.Term) *heap.Term {
	if x.Op != heap.Aggregate {
		if x.Symbolic() {
			return s.Pool.Component(x, path)
		}
		return self
	}
	if p := x.Part(path); p != nil {
		if p.Op == heap.Unknown {
			return self
		}
		return p
	}
	if b := s.Pool.PartsBelow(x, path); b != nil {
		return b
	}
	switch x.X {
	case nil:
		return self
	case s.Pool.ZeroBase:
		return s.Pool.ZeroOf(t)
	}
	return s.Pool.Component(x.X, path)
}

// Elem returns an element of a container. Elements are not told apart.
func (s *Evaluator) Elem(st *State, container, self *heap.Term) *heap.Term {
	path := container.Path + heap.Elem
	if v := st.Cell(container.X, path); v.Known() {
		return v
	}
	var parts []heap.Part
	for p, v := range st.Cells(container.X, path) {
		if rest, _ := p.Below(path); rest != "" && v.Known() {
			parts = append(parts, heap.Part{Path: rest, Term: v})
		}
	}
	if parts != nil {
		return s.Pool.Aggregate(self, parts)
	}
	return self
}

// received is what a receive expression gets. A channel that holds the resource
// is not closed before it has been received.
func (s *Evaluator) received(st *State, v *ssa.UnOp, ch, self *heap.Term) *heap.Term {
	if ch.Op != heap.Addr {
		return self
	}
	elem := s.Elem(st, ch, self)
	if !v.CommaOk {
		return elem
	}
	parts := []heap.Part{{Path: heap.Field(0), Term: elem}}
	if ch.Path == "" && st.Holds(ch) {
		parts = append(parts, heap.Part{Path: heap.Field(1), Term: s.Pool.More(ch.X)})
	}
	return s.Pool.Tuple(v, parts)
}
