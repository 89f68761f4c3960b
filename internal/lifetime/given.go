package lifetime

import (
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file knows the functions that open something if a field of what they are
// given says so, and return what somebody else owns otherwise:
//
//	if a.pool != nil { return a.pool.Get() }
//	return a.conn
//
// Where the field says so the result is the caller's, and whoever asks the same of
// it later is answered the same. A parameter that calls pass as a constant, as in
// New(nil), says so at each call.

// openedGiven returns the one condition on a field under which a function always
// opens what a result is, and without which it opens nothing.
func (e *openings) openedGiven(fn *ssa.Function, index int) []facts.Given {
	for _, g := range knowledge.AskedBy(fn) {
		if g.Path != "" && !knowledge.Writes(fn, g) && !e.opensUnder(fn, g.Negated()) && e.opensUnder(fn, g) && !e.lendsUnder(fn, g, index) {
			return []facts.Given{g}
		}
	}
	return nil
}

// openedWhen returns the one condition on a parameter, which calls can pass as a
// constant, under which a function always opens what is in a result, and without
// which it opens nothing: "if it is nil". It is "" if there is none.
func (e *openings) openedWhen(fn *ssa.Function, p facts.Place) string {
	if p.Param || p.Func {
		return ""
	}
	for _, g := range knowledge.AskedBy(fn) {
		ways := func(b *ssa.BasicBlock) []*ssa.BasicBlock { return knowledge.WaysOn(b, g) }
		if g.Path != "" || g.Value == "notnil" || e.opensUnder(fn, g.Negated()) || !e.opensUnder(fn, g) || e.returnsUnopened(fn, p.Index, ways) {
			continue
		}
		if p.Shape != "" || !e.lendsUnder(fn, g, p.Index) {
			return facts.Constant(g).String()
		}
	}
	return ""
}

func (e *openings) opensUnder(fn *ssa.Function, g facts.Given) bool {
	blocks := knowledge.Under(fn, g)
	return slices.ContainsFunc(e.sites(fn), func(s *site) bool { return blocks[s.instr.Block()] })
}

// lendsUnder reports whether a result can be somebody else's where a condition
// holds.
func (e *openings) lendsUnder(fn *ssa.Function, g facts.Given, index int) bool {
	blocks := knowledge.Under(fn, g)
	seen := map[*ssa.Phi]bool{}
	var lends func(v ssa.Value) bool
	lends = func(v ssa.Value) bool {
		switch v := v.(type) {
		case *ssa.MakeInterface:
			return lends(v.X)
		case *ssa.Phi:
			if seen[v] {
				return false
			}
			seen[v] = true
			for i, x := range v.Edges {
				if from := v.Block().Preds[i]; blocks[from] && slices.Contains(knowledge.WaysOn(from, g), v.Block()) && lends(x) {
					return true
				}
			}
			return false
		case *ssa.Const:
			return false
		case *ssa.Call:
			return !e.callOpens(v, 0)
		case *ssa.Extract:
			call, ok := v.Tuple.(*ssa.Call)
			return !ok || !e.callOpens(call, v.Index)
		}
		return true
	}
	for b := range blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && lends(ret.Results[index]) {
			return true
		}
	}
	return false
}

// assumed is what a search takes for granted of a field of an object.
type assumed struct {
	object *heap.Term
	path   heap.Path
	value  facts.Known
	cond   *heap.Term // the condition that says so
	truth  bool
}

// takeGiven takes what is given of an argument's field for granted. It reports
// false if the state says otherwise.
func (s *search) takeGiven(st *eval.State, arg *heap.Term, g facts.Given) bool {
	p := s.Pool.Pointee(arg)
	if p == nil {
		return true
	}
	a := assumed{object: p.X, path: p.Path + g.Path, value: g.Value}
	cell := st.Load(a.object, a.path, func() *heap.Term { return s.Pool.Unknown })
	switch g.Value {
	case "nil", "notnil":
		a.cond, a.truth = s.Pool.Equal(cell, s.Pool.Nil), g.Value == "nil"
	default:
		a.cond, a.truth = cell, g.Value == "true"
	}
	if truth, ok := a.cond.IsBool(); ok {
		return truth == a.truth
	}
	if !a.cond.Symbolic() {
		return true
	}
	if truth, ok := st.Fact(a.cond); ok && truth != a.truth || st.Refutes(a.cond, a.truth) {
		return false
	}
	st.SetFact(a.cond, a.truth)
	if !slices.Contains(s.assumed, a) {
		s.assumed = append(s.assumed, a)
	}
	return true
}

// constants returns what is known of what a call is passed.
func (s *search) constants(st *eval.State, args []*heap.Term) []facts.Constant {
	return append(s.ConstArgs(args), s.givenArgs(st, args)...)
}

// givenArgs returns what is taken for granted of the fields of what a call is
// passed.
func (s *search) givenArgs(st *eval.State, args []*heap.Term) (list []facts.Constant) {
	for _, a := range s.assumed {
		if truth, ok := st.Fact(a.cond); !ok || truth != a.truth {
			continue
		}
		for i, arg := range args {
			p := s.Pool.Pointee(arg)
			if p == nil || p.X != a.object {
				continue
			}
			rest, ok := a.path.Below(p.Path)
			if !ok || rest == "" {
				continue
			}
			cell := st.Load(a.object, a.path, func() *heap.Term { return s.Pool.Unknown })
			if cell == a.cond || s.Pool.Equal(cell, s.Pool.Nil) == a.cond {
				list = append(list, facts.Constant{Param: i, Value: a.value, Path: rest})
			}
		}
	}
	return list
}

// isAssumed reports whether a condition is one that is taken for granted.
func (s *search) isAssumed(c *heap.Term) bool {
	return slices.ContainsFunc(s.assumed, func(a assumed) bool { return a.cond == c })
}

// isGiven reports whether a condition is about a field of which the acquisition
// that is to come will ask.
func (s *search) isGiven(st *eval.State, c *heap.Term) bool {
	if s.site == nil || st.Status != eval.Before {
		return false
	}
	if c.Op == heap.Equal {
		c = c.X
	}
	return c.Op == heap.Loaded && slices.ContainsFunc(s.site.open.Given(), func(g facts.Given) bool { return strings.HasSuffix(string(c.Path), string(g.Path)) })
}

// ownLeaks returns, of the leaks of what is the function's own if a field says so,
// those whose path has not asked anything else that may say the same: another
// field of that object, one of its methods, or whether the result is another
// value's.
func (e *engine) ownLeaks(s *site, leaks []leak) []leak {
	call, ok := s.instr.(*ssa.Call)
	if !ok {
		return nil
	}
	args := ssaflow.Args(&call.Call)
	g := s.open.Given()[0]
	if g.Param >= len(args) {
		return nil
	}
	holder, result := args[g.Param].Type(), resultTypeOf(call, s.open.At.Index)
	var own []leak
	for _, l := range leaks {
		asks := false
		for t := l.trail; t != nil && !asks; t = t.Prev {
			if branch, ok := t.Instr.(*ssa.If); ok && !t.Decided {
				asks = asksOf(branch.Cond, call, holder, result, 8)
			}
		}
		if !asks {
			own = append(own, l)
		}
	}
	return own
}

func resultTypeOf(call *ssa.Call, index int) types.Type {
	if t, ok := call.Type().(*types.Tuple); ok {
		return t.At(index).Type()
	}
	return call.Type()
}

// asksOf reports whether a condition is computed from what a type holds, or
// compares values of another one. The error of opening says nothing about it.
func asksOf(v ssa.Value, opening *ssa.Call, holder, result types.Type, depth int) bool {
	if v == opening {
		return false
	}
	if depth == 0 {
		return true
	}
	switch v := v.(type) {
	case *ssa.FieldAddr:
		if types.Identical(v.X.Type(), holder) {
			return true
		}
	case *ssa.BinOp:
		if types.Identical(v.X.Type(), result) && !ssaflow.IsNil(v.X) && !ssaflow.IsNil(v.Y) {
			return true
		}
	case *ssa.Call:
		return slices.ContainsFunc(ssaflow.Args(&v.Call), func(a ssa.Value) bool { return types.Identical(a.Type(), holder) })
	case *ssa.Global:
		return ssaflow.IsBool(ssaflow.Deref(v.Type())) // somebody set it, who may know
	}
	instr, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	var room [4]*ssa.Value
	for _, op := range instr.Operands(room[:0]) {
		if *op != nil && asksOf(*op, opening, holder, result, depth-1) {
			return true
		}
	}
	return false
}
