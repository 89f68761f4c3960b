package ssaflow

import (
	"github.com/redislint/redislint/internal/memo"
	"golang.org/x/tools/go/ssa"
)

// Graphs are what the blocks of functions tell: loops, ways to a site, and
// variables that are set once.
type Graphs struct {
	flows memo.Memo[*ssa.Function, *Flow]
	once  memo.Memo[*ssa.Alloc, bool] // variables that are set once
	reach memo.Memo[reachKey, []bool]
}

// Flow returns how control and values flow in a function.
func (gs *Graphs) Flow(fn *ssa.Function) *Flow {
	return gs.flows.Of(fn, func() *Flow { return NewFlow(fn) })
}

// Reaches returns the blocks of a function from which an instruction is reached,
// or a func literal that contains it.
func (gs *Graphs) Reaches(instr ssa.Instruction, fn *ssa.Function) []bool {
	return gs.reach.Of(reachKey{fn, instr}, func() []bool {
		targets := map[*ssa.BasicBlock]bool{}
		if instr.Parent() == fn {
			targets[instr.Block()] = true
		} else {
			for _, b := range fn.Blocks {
				targets[b] = true
			}
		}
		return CanReach(fn, targets)
	})
}

// WrittenOnce reports whether a local variable is set once and only read
// afterwards, also by literals: what is in it never changes.
func (gs *Graphs) WrittenOnce(a *ssa.Alloc) bool {
	return gs.once.Of(a, func() bool { return WrittenOnce(a) })
}

// InLoop reports whether an instruction can run again within a run of its function.
func (gs *Graphs) InLoop(at ssa.Instruction) bool {
	return gs.Flow(at.Parent()).InLoop(at.Block()) || IsLoopBody(at.Parent())
}

type reachKey struct {
	fn    *ssa.Function
	instr ssa.Instruction
}
