package knowledge

import (
	"go/constant"
	"go/token"
	"slices"
	"strconv"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers what a function asks of what it is given, and where that leads.

// MetBy returns, of what a function opens, what it opens for the constants that it
// is passed. What it may lend and what it is not told to open is not known.
func MetBy(c *ssa.CallCommon, opens []facts.Open) []facts.Open {
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

// AskedBy lists what a function asks of its parameters and of fields behind them,
// and the opposite of each.
func AskedBy(fn *ssa.Function) (list []facts.Given) {
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

// Writes reports whether a function writes the field.
func Writes(fn *ssa.Function, g facts.Given) bool {
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

// Under returns the blocks of a function that can run where a condition holds.
func Under(fn *ssa.Function, g facts.Given) map[*ssa.BasicBlock]bool {
	seen := map[*ssa.BasicBlock]bool{}
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b] {
			continue
		}
		seen[b] = true
		work = append(work, WaysOn(b, g)...)
	}
	return seen
}

// WaysOn returns where a block can lead where a condition holds.
func WaysOn(b *ssa.BasicBlock, g facts.Given) []*ssa.BasicBlock {
	switch asked, way, ok := conditionOf(b); {
	case ok && asked == g:
		return b.Succs[way : way+1]
	case ok && asked == g.Negated():
		return b.Succs[1-way : 2-way]
	}
	return b.Succs
}
