package lifetime

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"golang.org/x/tools/go/ssa"
)

// stopping returns the method that a function is, if each of some releases in it
// stands in a loop over a container that can stop before it comes to the last.
func (e *owners) stopping(fn *ssa.Function, releases []*eval.ReleaseEvent) *types.Func {
	method, ok := fn.Object().(*types.Func)
	if !ok || fn.Signature.Recv() == nil || fn.Signature.Params().Len() > 0 && !knowledge.Ends(method) {
		return nil
	}
	for _, r := range releases {
		if r.Deferred || r.Instr.Parent() != fn || !knowledge.StopsBehind(r.Instr) {
			return nil
		}
	}
	return method
}
