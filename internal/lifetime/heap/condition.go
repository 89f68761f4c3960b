package heap

import (
	"go/constant"
	"go/token"
)

// This file answers what follows from the conditions that a path took.

// Refutes reports whether a condition cannot have a truth beside what is known:
// a value that equals one constant equals no other, one that is greater than
// three is not less than two, and nothing is less than what is less than it.
func (m *Memory) Refutes(c *Term, truth bool) bool {
	switch {
	case c.Op == Equal && c.Y.Constant():
		if truth {
			for f, holds := range m.Facts() {
				if holds && f.Op == Equal && f.X == c.X && f.Y.Constant() && f.Y != c.Y {
					return true
				}
			}
		}
		return !m.rangeOf(c.X).with(c, truth).possible()
	case c.Op == Less && c.X.Constant():
		return !m.rangeOf(c.Y).with(c, truth).possible()
	case c.Op == Less && c.Y.Constant():
		return !m.rangeOf(c.X).with(c, truth).possible()
	case c.Op == Less && truth:
		turned, _ := m.Fact(m.pool.Less(c.Y, c.X))
		equal, _ := m.Fact(m.pool.Equal(c.X, c.Y))
		return turned || equal
	case c.Op == Equal && truth:
		one, _ := m.Fact(m.pool.Less(c.X, c.Y))
		other, _ := m.Fact(m.pool.Less(c.Y, c.X))
		return one || other
	}
	return false
}

// An interval is where a number is. A nil bound is none.
type interval struct {
	term      *Term
	low, high constant.Value
	aboveLow  bool // it is not low itself
	belowHigh bool
	excluded  []constant.Value
}

// rangeOf returns what the conditions that are known say of a number.
func (k *conditions) rangeOf(t *Term) interval {
	r := interval{term: t}
	if t.Op == Len {
		r.low = constant.MakeInt64(0)
	}
	for c, truth := range k.Facts() {
		r = r.with(c, truth)
	}
	return r
}

// with narrows an interval by a condition, if that is about its number.
func (r interval) with(c *Term, truth bool) interval {
	x, y := c.X, c.Y
	switch {
	case c.Op == Less && x == r.term && numeric(y):
		if truth {
			return r.below(y.Const, true)
		}
		return r.above(y.Const, false)
	case c.Op == Less && y == r.term && numeric(x):
		if truth {
			return r.above(x.Const, true)
		}
		return r.below(x.Const, false)
	case c.Op == Equal && x == r.term && numeric(y):
		if truth {
			return r.above(y.Const, false).below(y.Const, false)
		}
		r.excluded = append(r.excluded[:len(r.excluded):len(r.excluded)], y.Const)
	}
	return r
}

func numeric(t *Term) bool {
	if t == nil || t.Op != Const {
		return false
	}
	switch t.Const.Kind() {
	case constant.Int, constant.Float:
		return true
	}
	return false
}

func (r interval) above(c constant.Value, strictly bool) interval {
	if r.low == nil || constant.Compare(c, token.GTR, r.low) || strictly && constant.Compare(c, token.EQL, r.low) {
		r.low, r.aboveLow = c, strictly
	}
	return r
}

func (r interval) below(c constant.Value, strictly bool) interval {
	if r.high == nil || constant.Compare(c, token.LSS, r.high) || strictly && constant.Compare(c, token.EQL, r.high) {
		r.high, r.belowHigh = c, strictly
	}
	return r
}

// possible reports whether a number can be in an interval.
func (r interval) possible() bool {
	if r.low == nil || r.high == nil {
		return true
	}
	if constant.Compare(r.low, token.GTR, r.high) {
		return false
	}
	if constant.Compare(r.low, token.LSS, r.high) {
		// Between two neighbours there is no length.
		if r.term.Op == Len && r.aboveLow && r.belowHigh {
			return constant.Compare(constant.BinaryOp(r.low, token.ADD, constant.MakeInt64(1)), token.LSS, r.high)
		}
		return true
	}
	if r.aboveLow || r.belowHigh {
		return false
	}
	for _, c := range r.excluded {
		if constant.Compare(c, token.EQL, r.low) {
			return false
		}
	}
	return true
}
