package knowledge

import (
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers whether a loop that closes what is in a container can stop
// before it has come to the last element. That needs no path: something leaves the
// loop behind the release, and nothing before it chooses which elements are
// released.

// StopsBehind reports whether a loop over a container can be left behind a
// release of its element, to return.
func StopsBehind(release ssa.Instruction) bool {
	call, ok := release.(*ssa.Call)
	if !ok {
		return false
	}
	v := call.Call.Value
	if !call.Call.IsInvoke() && call.Call.StaticCallee() != nil && len(call.Call.Args) > 0 {
		v = call.Call.Args[0]
	}
	head := headOf(v)
	if head == nil {
		return false
	}
	body := loopOf(head)
	if !body[call.Block()] || chosen(head, call.Block()) {
		return false
	}
	// From the release on, without another turn.
	seen := map[*ssa.BasicBlock]bool{head: true}
	work := []*ssa.BasicBlock{call.Block()}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		for _, to := range b.Succs {
			switch {
			case seen[to]:
			case !body[to]:
				return returnsOnly(to)
			default:
				seen[to] = true
				work = append(work, to)
			}
		}
	}
	return false
}

// headOf returns the block in which each turn of a loop begins that a value is an
// element of the container of.
func headOf(v ssa.Value) *ssa.BasicBlock {
	container, index := ElementOf(v)
	if r, ok := container.(*ssa.Range); ok {
		for _, ref := range *r.Referrers() {
			if next, ok := ref.(*ssa.Next); ok {
				return next.Block()
			}
		}
	}
	if at, ok := index.(ssa.Instruction); ok {
		return at.Block()
	}
	return nil
}

// loopOf returns the blocks of the loop that a block begins.
func loopOf(head *ssa.BasicBlock) map[*ssa.BasicBlock]bool {
	body := map[*ssa.BasicBlock]bool{head: true}
	var work []*ssa.BasicBlock
	for _, p := range head.Preds {
		if head.Dominates(p) {
			work = append(work, p)
		}
	}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if !body[b] {
			body[b] = true
			work = append(work, b.Preds...)
		}
	}
	return body
}

// chosen reports whether a condition between the beginning of a turn and a block
// asks anything else than whether there is something.
func chosen(head, b *ssa.BasicBlock) bool {
	for d := b.Idom(); d != nil && d != head; d = d.Idom() {
		ifs, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		cmp, ok := ifs.Cond.(*ssa.BinOp)
		if !ok || !ssaflow.IsNil(cmp.X) && !ssaflow.IsNil(cmp.Y) {
			return true
		}
	}
	return false
}

// returnsOnly reports whether a block leads to a return, and to no call before
// it that could release anything.
func returnsOnly(b *ssa.BasicBlock) bool {
	after := ssaflow.ReachableFrom(b)
	after[b] = true
	returns := false
	for b := range after {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Return:
				returns = true
			case *ssa.Range, *ssa.IndexAddr, *ssa.Lookup:
				return false // perhaps for the rest
			case *ssa.Call:
				if f := instr.Call.StaticCallee(); f != nil && f.Pkg == b.Parent().Pkg || instr.Call.IsInvoke() {
					return false
				}
			}
		}
	}
	return returns
}

// ElementOf returns the container that a value is an element of, or a part of an
// element, and the index; or the range over a map.
func ElementOf(v ssa.Value) (container, index ssa.Value) {
	for range 8 {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
		case *ssa.FieldAddr:
			v = x.X
		case *ssa.Field:
			v = x.X
		case *ssa.IndexAddr:
			if _, fixed := x.Index.(*ssa.Const); fixed {
				return nil, nil
			}
			return x.X, x.Index
		case *ssa.Extract:
			next, ok := x.Tuple.(*ssa.Next)
			if !ok {
				return nil, nil
			}
			r, ok := next.Iter.(*ssa.Range)
			if !ok {
				return nil, nil
			}
			return r, nil
		default:
			inner, ok := ssaflow.Through(v)
			if !ok {
				return nil, nil
			}
			v = inner
		}
	}
	return nil, nil
}
