package lifetime

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
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
// it later is answered the same.

// openedGiven returns the one condition on a field under which a function always
// opens what a result is, and without which it opens nothing.
func (e *openings) openedGiven(fn *ssa.Function, index int) []facts.Given {
	for _, g := range askedBy(fn) {
		if g.Path != "" && !writes(fn, g) && !e.opensUnder(fn, g.Negated()) && e.opensUnder(fn, g) && !e.lendsUnder(fn, g, index) {
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
	for _, g := range askedBy(fn) {
		ways := func(b *ssa.BasicBlock) []*ssa.BasicBlock { return waysOn(b, g) }
		if g.Path != "" || g.Value == "notnil" || e.opensUnder(fn, g.Negated()) || !e.opensUnder(fn, g) || e.returnsUnopened(fn, p.Index, ways) {
			continue
		}
		if p.Shape != "" || !e.lendsUnder(fn, g, p.Index) {
			return facts.Constant(g).String()
		}
	}
	return ""
}

// metBy returns, of what a function opens, what it opens for the constants that it
// is passed. What it may lend and what it is not told to open is not known.
func metBy(c *ssa.CallCommon, opens []facts.Open) []facts.Open {
	for i, o := range opens {
		if o.When == "" {
			continue
		}
		met := slices.Clone(opens[:i])
		for _, o := range opens[i:] {
			if o.When != "" {
				asked, told := passesConstant(c, o.When)
				if told && !asked || !told && !o.Lent {
					continue
				}
				o.When, o.Lent = "", !told
			}
			met = append(met, o)
		}
		return met
	}
	return opens
}

// passesConstant reports whether a call passes the constant that a condition
// names, and whether it passes a constant there at all.
func passesConstant(c *ssa.CallCommon, when string) (asked, told bool) {
	for i, arg := range ssaflow.Args(c) {
		k := facts.Constant{Param: i}
		switch x, ok := arg.(*ssa.Const); {
		case !ok:
			continue
		case ssaflow.IsNil(x):
			k.Value = "nil"
		case x.Value != nil && x.Value.Kind() == constant.Bool:
			k.Value = facts.Known(strconv.FormatBool(constant.BoolVal(x.Value)))
		}
		if k.String() == when {
			return true, true
		} else if facts.Constant(facts.Given(k).Negated()).String() == when {
			return false, true
		}
	}
	return false, false
}

// askedBy lists what a function asks of its parameters and of fields behind them,
// and the opposite of each.
func askedBy(fn *ssa.Function) (list []facts.Given) {
	asked := map[facts.Given]bool{}
	for _, b := range fn.Blocks {
		if g, _, ok := conditionOf(b); ok && !asked[g] {
			asked[g], asked[g.Negated()] = true, true
			list = append(list, g, g.Negated())
		}
	}
	return list
}

// conditionOf returns what a block asks of a parameter or of a field behind it, and
// which of its ways on is the one where it holds.
func conditionOf(b *ssa.BasicBlock) (g facts.Given, way int, ok bool) {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return g, 0, false
	}
	cond, value := branch.Cond, facts.Known("true")
	for {
		not, ok := cond.(*ssa.UnOp)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, way = not.X, 1-way
	}
	if compared, ok := cond.(*ssa.BinOp); ok && (compared.Op == token.EQL || compared.Op == token.NEQ) {
		switch {
		case ssaflow.IsNil(compared.Y):
			cond = compared.X
		case ssaflow.IsNil(compared.X):
			cond = compared.Y
		default:
			return g, 0, false
		}
		if value = "nil"; compared.Op == token.NEQ {
			value = "notnil"
		}
	}
	if p, ok := cond.(*ssa.Parameter); ok {
		return facts.Given{Param: slices.Index(b.Parent().Params, p), Value: value}, way, true
	}
	load, ok := cond.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return g, 0, false
	}
	field, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return g, 0, false
	}
	p, ok := field.X.(*ssa.Parameter)
	if !ok {
		return g, 0, false
	}
	return facts.Given{Param: slices.Index(b.Parent().Params, p), Path: heap.Field(field.Field), Value: value}, way, true
}

// writes reports whether a function writes the field.
func writes(fn *ssa.Function, g facts.Given) bool {
	for _, ref := range *fn.Params[g.Param].Referrers() {
		field, ok := ref.(*ssa.FieldAddr)
		if !ok || heap.Field(field.Field) != g.Path {
			continue
		}
		for _, use := range *field.Referrers() {
			if load, ok := use.(*ssa.UnOp); !ok || load.Op != token.MUL {
				return true
			}
		}
	}
	return false
}

// under returns the blocks of a function that can run where a condition holds.
func under(fn *ssa.Function, g facts.Given) map[*ssa.BasicBlock]bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		work = append(work, waysOn(b, g)...)
	}
	return seen
}

// waysOn returns where a block can lead where a condition holds.
func waysOn(b *ssa.BasicBlock, g facts.Given) []*ssa.BasicBlock {
	switch asked, way, ok := conditionOf(b); {
	case ok && asked == g:
		return b.Succs[way : way+1]
	case ok && asked == g.Negated():
		return b.Succs[1-way : 2-way]
	}
	return b.Succs
}

func (e *openings) opensUnder(fn *ssa.Function, g facts.Given) bool {
	blocks := under(fn, g)
	return slices.ContainsFunc(e.sites(fn), func(s *site) bool { return blocks[s.instr.Block()] })
}

// lendsUnder reports whether a result can be somebody else's where a condition
// holds.
func (e *openings) lendsUnder(fn *ssa.Function, g facts.Given, index int) bool {
	blocks := under(fn, g)
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
				if from := v.Block().Preds[i]; blocks[from] && slices.Contains(waysOn(from, g), v.Block()) && lends(x) {
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
