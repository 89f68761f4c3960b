package failures

import (
	"go/token"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers whether the code asks more of an error than whether there is
// one.

// toldApart reports whether the code asks more of an error than whether there
// is one.
func (x *errorFlow) toldApart(errs map[ssa.Value]bool) bool {
	for v := range errs {
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.BinOp:
				if !ssaflow.IsNil(ref.X) && !ssaflow.IsNil(ref.Y) {
					return true
				}
			case *ssa.TypeAssert, *ssa.MapUpdate, *ssa.Send, *ssa.MakeClosure:
				return true
			case *ssa.Store:
				cell, local := ssaflow.Root(ref.Addr).(*ssa.Alloc)
				if !local || ref.Val == v && asksLater(cell, errs) {
					return true // somebody else will look at it
				}
			case ssa.CallInstruction:
				c := ref.Common()
				if c.IsInvoke() && c.Value == v {
					if asksText(ref.Value()) {
						return true
					}
					continue // err.Error()
				}
				if x.harmless(ref, v) {
					continue
				}
				return true
			}
		}
	}
	return false
}

// asksLater reports whether a variable that an error is stored in is looked at
// where it is not known to hold that error, or by a func that captured it.
func asksLater(cell *ssa.Alloc, errs map[ssa.Value]bool) bool {
	for _, ref := range *cell.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MakeClosure:
			return true
		case *ssa.UnOp:
			if errs[ref] {
				continue
			}
			for _, use := range *ref.Referrers() {
				if _, ok := use.(*ssa.Return); !ok {
					return true
				}
			}
		}
	}
	return false
}

// asksText reports whether the text of an error is compared with something.
func asksText(text ssa.Value) bool {
	if text == nil {
		return false
	}
	for _, ref := range *text.Referrers() {
		switch ref := ref.(type) {
		case *ssa.BinOp:
			if ref.Op == token.EQL || ref.Op == token.NEQ {
				return true
			}
		case *ssa.Call:
			if ssaflow.IsBool(ref.Type()) {
				return true
			}
		}
	}
	return false
}

// harmless reports whether a call only writes down, answers with, or passes on
// an error that it is given.
func (x *errorFlow) harmless(instr ssa.CallInstruction, err ssa.Value) bool {
	c := instr.Common()
	obj := ssaflow.Callee(c)
	if obj == nil {
		return false
	}
	res := obj.Signature().Results()
	for i := range res.Len() {
		if ssaflow.IsBool(res.At(i).Type()) {
			return false
		}
	}
	if x.prog.Table.Func(obj) != nil || x.answers(instr) > 0 {
		return true
	}
	fn := x.prog.Body(c)
	if fn == nil {
		return res.Len() == 0 // it tells nobody what it was
	}
	for i, a := range c.Args {
		if a == err && i < len(fn.Params) {
			p := fn.Params[i]
			if x.asking[p] {
				return false
			}
			x.asking[p] = true
			apart := x.toldApart(map[ssa.Value]bool{p: true})
			delete(x.asking, p)
			if apart {
				return false
			}
		}
	}
	return res.Len() == 0
}
