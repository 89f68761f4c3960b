package lifetime

import (
	"go/constant"
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// An evaluator knows what instructions compute. Equal questions have equal
// terms, whoever asks them and however they are written.
type evaluator struct {
	know   *knowledge.Base
	graphs *ssaflow.Graphs
	pool   *heap.Pool
	typ    types.Type                // the dynamic type of the resource, if certain
	dyn    map[*heap.Term]types.Type // the concrete types of objects held in interfaces
	flags  map[*heap.Term]bool       // the cells that are: see flags.go
}

func newEvaluator(know *knowledge.Base, graphs *ssaflow.Graphs, pool *heap.Pool) evaluator {
	return evaluator{know: know, graphs: graphs, pool: pool, dyn: map[*heap.Term]types.Type{}, flags: map[*heap.Term]bool{}}
}

// dynAt returns the concrete type of the object that an address denotes, or of
// a struct value, if it is certain.
func (s *evaluator) dynAt(a *heap.Term) types.Type {
	if a.Op == heap.Aggregate {
		return s.dyn[a]
	}
	return s.dyn[s.pool.Within(a.X, a.Path)]
}

// eval returns what is known of a value.
func (s *evaluator) eval(st *state, v ssa.Value) *heap.Term {
	if x, ok := st.Reg(v); ok {
		return x
	}
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value == nil {
			return s.pool.ZeroOf(v.Type())
		}
		return s.pool.Constant(v.Value)
	case *ssa.Function:
		return s.pool.Closure(v, nil)
	case *ssa.Global, *ssa.Alloc, *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan, *ssa.FreeVar:
		return s.pool.Addr(s.pool.Val(v), "")
	case *ssa.Builtin:
		return s.pool.Unknown
	}
	return s.pool.Val(v)
}

// compute returns the value that an instruction makes.
func (s *evaluator) compute(st *state, v ssa.Value) *heap.Term {
	self := s.pool.Val(v)
	switch v := v.(type) {
	case *ssa.Alloc, *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan:
		return s.pool.Addr(self, "")
	case *ssa.FieldAddr:
		x := s.eval(st, v.X)
		if x.Op == heap.Tracked {
			return s.embedded(v.X.Type(), v.Field, self)
		}
		if p := s.pool.Pointee(x); p != nil {
			return s.pool.Addr(p.X, p.Path+heap.Field(v.Field))
		}
	case *ssa.IndexAddr:
		if p := s.pool.Pointee(s.eval(st, v.X)); p != nil {
			return s.pool.Addr(p.X, p.Path+heap.Elem)
		}
	case *ssa.Field:
		x := s.eval(st, v.X)
		if x.Op == heap.Tracked {
			return s.embedded(v.X.Type(), v.Field, self)
		}
		return s.component(x, heap.Field(v.Field), v.Type(), self)
	case *ssa.Index:
		return s.component(s.eval(st, v.X), heap.Elem, v.Type(), self)
	case *ssa.Lookup:
		x := s.eval(st, v.X)
		elem := self
		if x.Op == heap.Addr {
			elem = s.elem(st, x, self)
		}
		if v.CommaOk {
			found := s.pool.Component(self, heap.Field(1))
			if elem.Op == heap.Tracked || elem.Op == heap.Cleanup {
				found = s.pool.True
			}
			return s.pool.Tuple(v, []heap.Part{{Path: heap.Field(0), Term: elem}, {Path: heap.Field(1), Term: found}})
		}
		return elem
	case *ssa.UnOp:
		return s.unop(st, v, self)
	case *ssa.BinOp:
		return s.binop(st, v, self)
	case *ssa.Extract:
		t := s.eval(st, v.Tuple)
		switch t.Op {
		case heap.Tuple:
			if p := t.Result(v.Index); p != nil {
				return p
			}
		case heap.Iterator:
			if v.Index == 0 {
				return s.pool.More(t.X)
			}
			return s.elem(st, s.pool.Addr(t.X, ""), self)
		}
	case *ssa.ChangeType:
		return s.eval(st, v.X)
	case *ssa.ChangeInterface:
		return s.eval(st, v.X)
	case *ssa.MakeInterface:
		return s.boxed(s.eval(st, v.X), v.X.Type())
	case *ssa.Convert:
		if x := s.eval(st, v.X); x.Constant() {
			return x
		}
	case *ssa.SliceToArrayPointer:
		return s.eval(st, v.X)
	case *ssa.Slice:
		x := s.eval(st, v.X)
		if p := s.pool.Pointee(x); p != nil {
			return p
		}
		return x
	case *ssa.TypeAssert:
		return s.asserted(s.eval(st, v.X), v, self)
	case *ssa.MakeClosure:
		bindings := make([]*heap.Term, len(v.Bindings))
		for i, b := range v.Bindings {
			bindings[i] = s.eval(st, b)
		}
		return s.pool.Closure(v.Fn.(*ssa.Function), bindings)
	case *ssa.Range:
		if p := s.pool.Pointee(s.eval(st, v.X)); p != nil && p.Path == "" && s.know.CanHold(v.X.Type()) {
			return s.pool.Iterator(p.X)
		}
	case *ssa.Next:
		if x := s.eval(st, v.Iter); x.Op == heap.Iterator {
			return x
		}
	}
	return self
}

func (s *evaluator) unop(st *state, v *ssa.UnOp, self *heap.Term) *heap.Term {
	x := s.eval(st, v.X)
	switch v.Op {
	case token.MUL:
		if g, ok := v.X.(*ssa.Global); ok && ssaflow.IsError(v.Type()) && g.Name() != "_" {
			return s.pool.NonNil // package-level errors say what went wrong
		}
		if x.Op == heap.Tracked {
			return x // a copy of the client shares what it holds
		}
		if p := s.pool.Pointee(x); p != nil {
			loaded := st.Load(p.X, p.Path, func() *heap.Term { return s.pool.ZeroOf(v.Type()) })
			if loaded.Symbolic() && ofElement(loaded) {
				return self // elements are not told apart, so that two loads need not be equal
			}
			return loaded
		}
	case token.NOT:
		return s.negate(x, self)
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
func (s *evaluator) boxed(x *heap.Term, t types.Type) *heap.Term {
	switch {
	case x.Op == heap.Addr:
		s.dyn[s.pool.Within(x.X, x.Path)] = t
	case x.Op == heap.Aggregate:
		s.dyn[x] = t
	case x.Op == heap.Nil:
		return s.pool.NonNil
	case x.Symbolic():
		if _, ptr := t.Underlying().(*types.Pointer); !ptr {
			return s.pool.NonNil
		}
	}
	return x
}

// asserted is the result of a type assertion.
func (s *evaluator) asserted(x *heap.Term, v *ssa.TypeAssert, self *heap.Term) *heap.Term {
	if !v.CommaOk {
		return x
	}
	val, ok := x, s.asserts(x, v.AssertedType)
	switch ok {
	case nil:
		ok = s.pool.Component(self, heap.Field(1))
	case s.pool.False:
		val = s.pool.ZeroOf(v.AssertedType)
	}
	return s.pool.Tuple(v, []heap.Part{{Path: heap.Field(0), Term: val}, {Path: heap.Field(1), Term: ok}})
}

// embedded returns a field of the resource itself: an embedded one stands for
// the resource, since its methods are promoted.
func (s *evaluator) embedded(t types.Type, field int, self *heap.Term) *heap.Term {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if st, ok := t.Underlying().(*types.Struct); ok && st.Field(field).Embedded() {
		return s.pool.Tracked
	}
	return self
}

// component returns a part of an aggregate.
func (s *evaluator) component(x *heap.Term, path heap.Path, t types.Type, self *heap.Term) *heap.Term {
	if x.Op != heap.Aggregate {
		if x.Symbolic() {
			return s.pool.Component(x, path)
		}
		return self
	}
	if p := x.Part(path); p != nil {
		if p.Op == heap.Unknown {
			return self
		}
		return p
	}
	if b := s.pool.PartsBelow(x, path); b != nil {
		return b
	}
	switch x.X {
	case nil:
		return self
	case s.pool.ZeroBase:
		return s.pool.ZeroOf(t)
	}
	return s.pool.Component(x.X, path)
}

// elem returns an element of a container. Elements are not told apart.
func (s *evaluator) elem(st *state, container, self *heap.Term) *heap.Term {
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
		return s.pool.Aggregate(self, parts)
	}
	return self
}

// negate returns the negation of a boolean.
func (s *evaluator) negate(x, self *heap.Term) *heap.Term {
	if _, ok := x.IsBool(); ok || x.Symbolic() {
		return s.pool.Not(x)
	}
	return self
}

// binop returns the value of a comparison or of an arithmetic operation.
func (s *evaluator) binop(st *state, v *ssa.BinOp, self *heap.Term) *heap.Term {
	x, y := s.eval(st, v.X), s.eval(st, v.Y)
	if z := s.bounded(st, v, x, y, self); z != nil {
		return z
	}
	switch v.Op {
	case token.EQL:
		return s.equal(st, x, y, self)
	case token.NEQ:
		return s.negate(s.equal(st, x, y, self), self)
	case token.LSS:
		return s.less(st, v.X, v.Y, x, y, self)
	case token.GTR:
		return s.less(st, v.Y, v.X, y, x, self)
	case token.LEQ:
		return s.lessOrEqual(v.X, v.Y, x, y, self)
	case token.GEQ:
		return s.lessOrEqual(v.Y, v.X, y, x, self)
	case token.ADD:
		if z := s.addSmall(x, y, 1, self); z.Constant() {
			return z
		}
	case token.SUB:
		if z := s.addSmall(x, y, -1, self); z.Constant() {
			return z
		}
		if x.Op == heap.Len && y.Constant() {
			return x // an index that runs down from the end
		}
	case token.AND, token.OR:
		a, ok1 := x.IsBool()
		b, ok2 := y.IsBool()
		if ok1 && ok2 {
			return s.pool.Bool(v.Op == token.AND && a && b || v.Op == token.OR && (a || b))
		}
	}
	return s.arithmetic(v, x, y, self)
}

// arithmetic is an operation on numbers or text. In a loop, where it can depend
// on what it was in the iteration before, it is a value of its own.
func (s *evaluator) arithmetic(v *ssa.BinOp, x, y, self *heap.Term) *heap.Term {
	if !isOrdered(x) || !isOrdered(y) || x.Constant() && y.Constant() ||
		x.Nesting() >= maxNesting || y.Nesting() >= maxNesting || s.graphs.Flow(v.Parent()).InLoop(v.Block()) {
		return self
	}
	return s.pool.Binary(v.Op, x, y)
}

// bounded is the comparison of a whole number with a constant of the source, in
// the one spelling c < x that all of them have: n >= 4 is 3 < n, and n <= 3 is
// its negation. A text has a length above zero if it is not empty. It is nil for
// other operations.
func (s *evaluator) bounded(st *state, v *ssa.BinOp, x, y, self *heap.Term) *heap.Term {
	vx, vy, op := v.X, v.Y, v.Op
	if _, ok := vx.(*ssa.Const); ok {
		vx, vy, x, y = vy, vx, y, x
		op = turned(op)
	}
	_, ok := vy.(*ssa.Const)
	b, whole := vx.Type().Underlying().(*types.Basic)
	if !ok || !whole || b.Info()&types.IsInteger == 0 || y.Op != heap.Const || y.Const.Kind() != constant.Int || !isOrdered(x) || x.Constant() {
		return nil
	}
	c := y.Const
	switch op {
	case token.GEQ, token.LSS:
		c = constant.BinaryOp(c, token.SUB, constant.MakeInt64(1))
	case token.GTR, token.LEQ:
	case token.EQL, token.NEQ:
		if text := s.measured(st, vx); text == nil || y != s.pool.Zero {
			return nil
		}
	default:
		return nil
	}
	var more *heap.Term // c < x
	if text := s.measured(st, vx); text != nil && constant.Sign(c) == 0 {
		more = s.negate(s.equal(st, text, s.pool.Constant(constant.MakeString("")), self), self)
	} else {
		more = s.less(st, vy, vx, s.pool.Constant(c), x, self)
	}
	if op == token.LSS || op == token.LEQ || op == token.EQL {
		return s.negate(more, self)
	}
	return more
}

// turned is the comparison with its operands exchanged.
func turned(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GTR
	case token.LEQ:
		return token.GEQ
	case token.GTR:
		return token.LSS
	case token.GEQ:
		return token.LEQ
	}
	return op
}

// measured is the text of which a value is the length, or nil.
func (s *evaluator) measured(st *state, v ssa.Value) *heap.Term {
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	b, ok := call.Call.Value.(*ssa.Builtin)
	if !ok || b.Name() != "len" {
		return nil
	}
	t, ok := call.Call.Args[0].Type().Underlying().(*types.Basic)
	if !ok || t.Info()&types.IsString == 0 {
		return nil
	}
	if x := s.eval(st, call.Call.Args[0]); x.Symbolic() {
		return x
	}
	return nil
}

// less is the condition x < y; vx and vy are the values of which x and y are known.
func (s *evaluator) less(st *state, vx, vy ssa.Value, x, y, self *heap.Term) *heap.Term {
	if s.know.OverIdle(vx, vy) && x != s.pool.Zero {
		return self
	}
	if y.Op == heap.Len {
		if x == s.pool.Zero {
			return s.nonEmpty(st, y)
		}
		if _, bound := vx.(*ssa.Const); !bound {
			return s.pool.More(y.X) // an index that runs up to the end
		}
	}
	a, ok1 := x.IsInt()
	b, ok2 := y.IsInt()
	switch {
	case ok1 && ok2:
		return s.pool.Bool(a < b)
	case x == y:
		return s.pool.False
	case isOrdered(x) && isOrdered(y) && !(x.Constant() && y.Constant()):
		return s.pool.Less(x, y)
	}
	return self
}

// lessOrEqual is the condition x <= y; vx and vy are the values of which x and y
// are known.
func (s *evaluator) lessOrEqual(vx, vy ssa.Value, x, y, self *heap.Term) *heap.Term {
	if s.know.OverIdle(vx, vy) {
		return self
	}
	if y.Op == heap.Len && x.Constant() {
		if _, bound := vx.(*ssa.Const); !bound {
			return s.pool.More(y.X)
		}
	}
	if y == s.pool.Zero && x.Op == heap.Len {
		return s.pool.Not(s.pool.Less(y, x))
	}
	// x <= y is !(y < x)
	if isOrdered(x) && isOrdered(y) && !(x.Constant() && y.Constant()) {
		return s.pool.Not(s.pool.Less(y, x))
	}
	return self
}

func isOrdered(x *heap.Term) bool { return x.Symbolic() && !x.Condition() || x.Constant() }

// addSmall folds a sum that is no further from zero than one, so that the
// first turn of a counted loop is known to happen, and no loop is unrolled.
func (s *evaluator) addSmall(x, y *heap.Term, sign int64, self *heap.Term) *heap.Term {
	a, ok1 := x.IsInt()
	b, ok2 := y.IsInt()
	if sum := a + sign*b; ok1 && ok2 && -1 <= sum && sum <= 1 {
		return s.pool.Int(int(sum))
	}
	return self
}

// nonEmpty is the condition that a container has elements, by its length.
func (s *evaluator) nonEmpty(st *state, l *heap.Term) *heap.Term {
	if st.status == open && st.Holds(s.pool.Addr(l.X, "")) {
		return s.pool.True
	}
	return s.pool.Less(s.pool.Zero, l)
}

// equal compares two values.
func (s *evaluator) equal(st *state, x, y, self *heap.Term) *heap.Term {
	if x.Constant() && !y.Constant() {
		x, y = y, x
	}
	switch {
	case x.Op == heap.OpenErr && y.Op == heap.Nil:
		return s.pool.ErrNil
	case x.Op == heap.OpenErr || y.Op == heap.OpenErr:
		if x.Op != heap.OpenErr {
			x, y = y, x
		}
		if y.Op == heap.OpenErr {
			return s.pool.True
		}
		return s.pool.ErrIs(y)
	case x.Constant() && y.Constant():
		return s.pool.Bool(x == y)
	case y.Op == heap.Nil && x.NotNil():
		return s.pool.False
	case y == s.pool.True && x.Symbolic():
		return x
	case y == s.pool.False && x.Symbolic():
		return s.negate(x, self)
	case x.Op == heap.Len && y == s.pool.Zero:
		return s.negate(s.nonEmpty(st, x), self)
	case x.Symbolic() && y.Constant():
		return s.pool.Equal(x, y)
	case x.Symbolic() && y.Symbolic():
		if x == y {
			return s.pool.True
		}
		return s.pool.Equal(x, y)
	case x.Op == heap.Tracked && y.Op == heap.Tracked:
		return s.pool.True
	case x.Op == heap.Tracked && y.Op == heap.NonNil, x.Op == heap.NonNil && y.Op == heap.Tracked:
		return s.pool.False // something else
	}
	return self
}

// asserts tells whether a value is certainly of a type, certainly not, or
// neither: True, False or nil.
func (s *evaluator) asserts(x *heap.Term, t types.Type) *heap.Term {
	var have types.Type
	switch x.Op {
	case heap.Tracked:
		have = s.typ
	case heap.Addr, heap.Aggregate:
		have = s.dynAt(x)
	}
	if have == nil {
		if x.Op == heap.Tracked {
			return s.pool.True // it is asked because it may be released so
		}
		return nil
	}
	if types.IsInterface(t) {
		implements := types.Implements(have, t.Underlying().(*types.Interface))
		if types.IsInterface(have) && !implements {
			return nil
		}
		return s.pool.Bool(implements)
	}
	if types.IsInterface(have) {
		return nil
	}
	return s.pool.Bool(types.Identical(have, t))
}

// plantedAt is planted for a place, with the types of the objects on the way.
func (s *evaluator) plantedAt(st *state, object *heap.Term, p facts.Place, dyn types.Type) *heap.Term {
	_, one := heap.Shape(p.Shape).One()
	for _, h := range p.OnWay() {
		if _, pointer := h.Type.Underlying().(*types.Pointer); !one && !pointer {
			continue // the parts of a struct are put together one way at a time
		}
		// The objects are named by the way to them: see plantedOne.
		at := object
		if way, ok := heap.Shape(h.Shape).One(); ok {
			at = s.pool.Within(at, way.Paths[0])
			for _, path := range way.Paths[1:] {
				at = s.pool.Behind(at, path)
			}
		}
		s.dyn[at] = h.Type
	}
	whole := s.planted(st, object, heap.Shape(p.Shape), dyn)
	s.setFlags(st, object, p.Flags)
	return whole
}

// planted builds a value with the resource under a shape. Objects on the way
// get names of their own.
func (s *evaluator) planted(st *state, object *heap.Term, shape heap.Shape, dyn types.Type) *heap.Term {
	var whole *heap.Term
	for _, way := range shape.Ways() {
		v := s.plantedOne(st, object, way, dyn)
		if whole != nil && whole.Op == heap.Aggregate && v.Op == heap.Aggregate {
			v = s.pool.Aggregate(object, append(append([]heap.Part(nil), whole.Parts...), v.Parts...))
		}
		whole = v
	}
	return whole
}

func (s *evaluator) plantedOne(st *state, object *heap.Term, way heap.Way, dyn types.Type) *heap.Term {
	if way.Paths[0] != "" {
		path, inner := s.plantedPart(st, object, way)
		whole := s.pool.Aggregate(object, []heap.Part{{Path: path, Term: inner}})
		if dyn != nil {
			s.dyn[whole] = dyn
		}
		return whole
	}
	if way.Pointers() == 0 {
		if way.Func {
			return s.pool.Cleanup
		}
		return s.pool.Tracked
	}
	// A pointer to an object with the rest in one of its cells.
	path, inner := s.plantedPart(st, object, way.Tail())
	st.SetCell(object, path, inner)
	if dyn != nil {
		s.dyn[object] = dyn
	}
	return s.pool.Addr(object, "")
}

// plantedPart builds the part of an object in which a way goes on: where its
// path ends, or where a struct stands in an interface on the path.
func (s *evaluator) plantedPart(st *state, object *heap.Term, way heap.Way) (heap.Path, *heap.Term) {
	path := way.Paths[0]
	for at := range path.Prefixes() {
		if t := s.dyn[s.pool.Behind(object, at)]; t != nil {
			rest, _ := path.Below(at)
			return at, s.plantedOne(st, s.pool.Behind(object, at), way.From(rest), t)
		}
	}
	return path, s.plantedOne(st, s.pool.Behind(object, path), way.Within(), nil)
}
