package lifetime

import (
	"go/token"
	"slices"

	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers for what a function got from somebody else, and whose owner
// it need not know, whether it is used behind a Close: on each path that gets to
// the use.

// UsedClosed returns what functions close and use afterwards, whatever opened it,
// each with its late uses, in source order.
func (r *Result) UsedClosed() []*Resource {
	return ask(r, func(e *engine) (list []*Resource) {
		for _, fn := range e.funcs {
			for _, b := range fn.Blocks {
				for _, instr := range b.Instrs {
					if call, ok := instr.(*ssa.Call); ok && !e.prog.InTest(call.Pos()) {
						if res := e.usedClosed(call); res != nil {
							list = append(list, res)
						}
					}
				}
			}
		}
		return list
	})
}

// usedClosed judges one call.
func (e *engine) usedClosed(call *ssa.Call) *Resource {
	obj := ssaflow.Callee(&call.Call)
	args := ssaflow.Args(&call.Call)
	if obj == nil || obj.Name() != "Close" || len(args) == 0 {
		return nil
	}
	v := promotedFrom(args[0])
	release := e.know.ReleaseOf(v.Type())
	if !slices.Contains(release, obj.Name()) {
		return nil
	}
	switch v.(type) {
	case *ssa.Alloc, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.FreeVar, *ssa.Global:
		return nil // there may be another one by then
	}
	node := e.prog.Source().At(call)
	if node == nil {
		return nil
	}
	res := &Resource{Call: node, Name: program.Name(e.prog.Source().Receiver(node)), Release: release, Func: call.Parent(), Instr: call}
	for _, b := range call.Parent().Blocks {
		for _, instr := range b.Instrs {
			use, ok := instr.(*ssa.Call)
			if !ok || use == call || !follows(call, use) {
				continue
			}
			method, args := ssaflow.Callee(&use.Call), ssaflow.Args(&use.Call)
			if method != nil && len(args) > 0 && promotedFrom(args[0]) == v && e.know.IsCommand(use, method) {
				res.Late = append(res.Late, LateUse{Pos: use.Pos(), Release: call.Pos()})
			}
		}
	}
	if len(res.Late) == 0 || res.Name == "" {
		return nil
	}
	return res
}

// promotedFrom is the value that the receiver of a promoted method is a part of.
func promotedFrom(recv ssa.Value) ssa.Value {
	for {
		addr := recv
		if load, ok := recv.(*ssa.UnOp); ok && load.Op == token.MUL {
			addr = load.X
		}
		f, ok := addr.(*ssa.FieldAddr)
		if !ok || !ssaflow.Field(f.X.Type(), f.Field).Embedded() {
			return recv
		}
		recv = f.X
	}
}

// follows reports whether each path to an instruction has met another one.
func follows(first, then ssa.Instruction) bool {
	if b := first.Block(); b != then.Block() {
		return b.Dominates(then.Block())
	}
	return slices.Index(first.Block().Instrs, first) < slices.Index(then.Block().Instrs, then)
}
