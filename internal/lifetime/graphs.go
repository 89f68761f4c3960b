package lifetime

import (
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// Graphs are what the blocks of functions tell: loops, ways to a site, and
// variables that are set once.
type graphs struct {
	flows memo[*ssa.Function, *ssaflow.Flow]
	once  memo[*ssa.Alloc, bool] // variables that are set once
	reach memo[reachKey, []bool]
}

type reachKey struct {
	fn    *ssa.Function
	instr ssa.Instruction
}

func (gs *graphs) flow(fn *ssa.Function) *ssaflow.Flow {
	return gs.flows.of(fn, func() *ssaflow.Flow { return ssaflow.NewFlow(fn) })
}

// reachesSite returns the blocks of a function from which a site is reached,
// or a func literal that contains it.
func (gs *graphs) reachesSite(s *site, fn *ssa.Function) []bool {
	return gs.reach.of(reachKey{fn, s.instr}, func() []bool {
		targets := map[*ssa.BasicBlock]bool{}
		if s.fn == fn {
			targets[s.instr.Block()] = true
		} else {
			for _, b := range fn.Blocks {
				targets[b] = true
			}
		}
		return ssaflow.CanReach(fn, targets)
	})
}
