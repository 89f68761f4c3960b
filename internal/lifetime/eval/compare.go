package eval

import (
	"go/constant"
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"golang.org/x/tools/go/ssa"
)

// Operators are an evaluator at an operator, in a state: comparisons, and what is
// computed for them.
type operators struct {
	*Evaluator
	st *State
}

// maxNesting bounds the operations within an operation that a term remembers.
const maxNesting = 4

// negate returns the negation of a boolean.
func (s operators) negate(x, self *heap.Term) *heap.Term {
	if _, ok := x.IsBool(); ok || x.Symbolic() {
		return s.Pool.Not(x)
	}
	return self
}

// binop returns the value of a comparison or of an arithmetic operation.
func (s operators) binop(v *ssa.BinOp, self *heap.Term) *heap.Term {
	x, y := s.Eval(s.st, v.X), s.Eval(s.st, v.Y)
	if z := s.bounded(v, x, y, self); z != nil {
		return z
	}
	switch v.Op {
	case token.EQL:
		return s.equal(x, y, self)
	case token.NEQ:
		return s.negate(s.equal(x, y, self), self)
	case token.LSS:
		return s.less(v.X, v.Y, x, y, self)
	case token.GTR:
		return s.less(v.Y, v.X, y, x, self)
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
			return s.Pool.Bool(v.Op == token.AND && a && b || v.Op == token.OR && (a || b))
		}
	}
	return s.arithmetic(v, x, y, self)
}

// arithmetic is an operation on numbers or text. In a loop, where it can depend
// on what it was in the iteration before, it is a value of its own.
func (s operators) arithmetic(v *ssa.BinOp, x, y, self *heap.Term) *heap.Term {
	if !isOrdered(x) || !isOrdered(y) || x.Constant() && y.Constant() ||
		x.Nesting() >= maxNesting || y.Nesting() >= maxNesting || s.graphs.Flow(v.Parent()).InLoop(v.Block()) {
		return self
	}
	return s.Pool.Binary(v.Op, x, y)
}

// bounded is the comparison of a whole number with a constant of the source, in
// the one spelling c < x that all of them have: n >= 4 is 3 < n, and n <= 3 is
// its negation. A text has a length above zero if it is not empty. It is nil for
// other operations.
func (s operators) bounded(v *ssa.BinOp, x, y, self *heap.Term) *heap.Term {
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
		if text := s.measured(vx); text == nil || y != s.Pool.Zero {
			return nil
		}
	default:
		return nil
	}
	var more *heap.Term // c < x
	if text := s.measured(vx); text != nil && constant.Sign(c) == 0 {
		more = s.negate(s.equal(text, s.Pool.Constant(constant.MakeString("")), self), self)
	} else {
		more = s.less(vy, vx, s.Pool.Constant(c), x, self)
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
func (s operators) measured(v ssa.Value) *heap.Term {
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
	if x := s.Eval(s.st, call.Call.Args[0]); x.Symbolic() {
		return x
	}
	return nil
}

// less is the condition x < y; vx and vy are the values of which x and y are known.
func (s operators) less(vx, vy ssa.Value, x, y, self *heap.Term) *heap.Term {
	if s.know.OverIdle(vx, vy) && x != s.Pool.Zero {
		return self
	}
	if y.Op == heap.Len {
		if x == s.Pool.Zero {
			return s.nonEmpty(y)
		}
		if _, bound := vx.(*ssa.Const); !bound {
			return s.Pool.More(y.X) // an index that runs up to the end
		}
	}
	a, ok1 := x.IsInt()
	b, ok2 := y.IsInt()
	switch {
	case ok1 && ok2:
		return s.Pool.Bool(a < b)
	case x == y:
		return s.Pool.False
	case isOrdered(x) && isOrdered(y) && !(x.Constant() && y.Constant()):
		return s.Pool.Less(x, y)
	}
	return self
}

// lessOrEqual is the condition x <= y; vx and vy are the values of which x and y
// are known.
func (s operators) lessOrEqual(vx, vy ssa.Value, x, y, self *heap.Term) *heap.Term {
	if s.know.OverIdle(vx, vy) {
		return self
	}
	if y.Op == heap.Len && x.Constant() {
		if _, bound := vx.(*ssa.Const); !bound {
			return s.Pool.More(y.X)
		}
	}
	if y == s.Pool.Zero && x.Op == heap.Len {
		return s.Pool.Not(s.Pool.Less(y, x))
	}
	// x <= y is !(y < x)
	if isOrdered(x) && isOrdered(y) && !(x.Constant() && y.Constant()) {
		return s.Pool.Not(s.Pool.Less(y, x))
	}
	return self
}

func isOrdered(x *heap.Term) bool { return x.Symbolic() && !x.Condition() || x.Constant() }

// addSmall folds a sum that is no further from zero than one, so that the
// first turn of a counted loop is known to happen, and no loop is unrolled.
func (s operators) addSmall(x, y *heap.Term, sign int64, self *heap.Term) *heap.Term {
	a, ok1 := x.IsInt()
	b, ok2 := y.IsInt()
	if sum := a + sign*b; ok1 && ok2 && -1 <= sum && sum <= 1 {
		return s.Pool.Int(int(sum))
	}
	return self
}

// nonEmpty is the condition that a container has elements, by its length.
func (s operators) nonEmpty(l *heap.Term) *heap.Term {
	if s.st.Status == Open && s.st.Holds(s.Pool.Addr(l.X, "")) {
		return s.Pool.True
	}
	return s.Pool.Less(s.Pool.Zero, l)
}

// equal compares two values.
func (s operators) equal(x, y, self *heap.Term) *heap.Term {
	if x.Constant() && !y.Constant() {
		x, y = y, x
	}
	switch {
	case x.Op == heap.OpenErr && y.Op == heap.Nil:
		return s.Pool.ErrNil
	case x.Op == heap.OpenErr || y.Op == heap.OpenErr:
		if x.Op != heap.OpenErr {
			x, y = y, x
		}
		if y.Op == heap.OpenErr {
			return s.Pool.True
		}
		return s.Pool.ErrIs(y)
	case x.Constant() && y.Constant():
		return s.Pool.Bool(x == y)
	case y.Op == heap.Nil && x.NotNil():
		return s.Pool.False
	case y == s.Pool.True && x.Symbolic():
		return x
	case y == s.Pool.False && x.Symbolic():
		return s.negate(x, self)
	case x.Op == heap.Len && y == s.Pool.Zero:
		return s.negate(s.nonEmpty(x), self)
	case x.Symbolic() && y.Constant():
		return s.Pool.Equal(x, y)
	case x.Symbolic() && y.Symbolic():
		if x == y {
			return s.Pool.True
		}
		return s.Pool.Equal(x, y)
	case x.Op == heap.Tracked && y.Op == heap.Tracked:
		return s.Pool.True
	case x.Op == heap.Tracked && y.Op == heap.NonNil, x.Op == heap.NonNil && y.Op == heap.Tracked:
		return s.Pool.False // something else
	}
	return self
}
