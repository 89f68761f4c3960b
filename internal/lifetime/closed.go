package lifetime

import (
	"github.com/redislint/redislint/internal/program"
	"golang.org/x/tools/go/ssa"
)

// UsedClosed returns what functions close and use afterwards, whatever opened it,
// each with its late uses, in source order. It answers for what a function got
// from somebody else, and whose owner it need not know.
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
	uses, release := e.know.UsedBehind(call)
	node := e.prog.Source().At(call)
	if len(uses) == 0 || node == nil {
		return nil
	}
	res := &Resource{Call: node, Name: program.Name(e.prog.Source().Receiver(node)), Release: release, Func: call.Parent(), Instr: call}
	for _, use := range uses {
		res.Late = append(res.Late, LateUse{Pos: use.Pos(), Release: call.Pos()})
	}
	if res.Name == "" {
		return nil
	}
	return res
}
