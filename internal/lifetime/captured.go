package lifetime

import (
	"slices"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers for resources that a func leaves in a variable of the
// function around it: hooks and handlers share one. Whoever has the funcs can
// only call them, so it is never closed if none of them releases it.

// left reports whether a site leaves its resource in a variable of the function
// around it that no func which shares it releases or gives away. A variable that
// is filled once, when it is needed first, is meant to stay.
func (e *owners) left(s *site) *Neglect {
	if o := s.open; o.At.Param || o.At.Func || o.At.Shape != "" || o.Cleanup >= 0 || o.Lent || s.fn.Parent() == nil {
		return nil
	}
	var cell *ssa.Alloc
	for _, v := range ssaflow.Results(s.instr, s.open.At.Index) {
		for _, ref := range *v.Referrers() {
			st, ok := ref.(*ssa.Store)
			if !ok || st.Val != v {
				continue
			}
			a, ok := variableOf(st.Addr)
			if !ok || a.Parent() == s.fn || cell != nil {
				return nil
			}
			cell = a
		}
	}
	if cell == nil || isMain(cell.Parent()) || e.filledOnce(s) || !e.neverLeaves(cell, s.open) {
		return nil
	}
	return &Neglect{Field: cell.Comment}
}

// variableOf returns the variable that an address is, which literals capture.
func variableOf(addr ssa.Value) (*ssa.Alloc, bool) {
	for {
		switch v := addr.(type) {
		case *ssa.Alloc:
			return v, true
		case *ssa.FreeVar:
			addr = ssaflow.Binding(v)
		default:
			return nil, false
		}
	}
}

// filledOnce reports whether a site runs in a func that runs once.
func (e *owners) filledOnce(s *site) bool {
	maker := ssaflow.Maker(s.fn)
	if maker == nil {
		return true
	}
	for _, ref := range *maker.Referrers() {
		if call, ok := ref.(ssa.CallInstruction); ok {
			if obj := ssaflow.Callee(call.Common()); obj != nil {
				if row := e.know.Table.Func(obj); row != nil && row.Once {
					return true
				}
			}
		}
	}
	return false
}

// neverLeaves reports whether what a variable holds is only used where it is
// read, and never compared with nil.
func (e *owners) neverLeaves(addr ssa.Value, o facts.Open) bool {
	for _, ref := range *addr.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr != addr {
				return false
			}
		case *ssa.UnOp:
			for _, use := range *ref.Referrers() {
				if cmp, ok := use.(*ssa.BinOp); ok && (ssaflow.IsNil(cmp.X) || ssaflow.IsNil(cmp.Y)) {
					return false
				}
			}
			if !e.onlyUsed(ref.Parent(), ref, facts.Place{}, o) {
				return false
			}
		case *ssa.MakeClosure:
			fn := ref.Fn.(*ssa.Function)
			if i := slices.Index(ref.Bindings, addr); i < 0 || !e.neverLeaves(fn.FreeVars[i], o) {
				return false
			}
		case *ssa.DebugRef:
		default:
			return false
		}
	}
	return true
}
