package knowledge

import (
	"go/token"
	"slices"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// UsedBehind returns the commands on a value that a call closes which the call
// comes before on each path, and the methods that release such a value.
func (kn *Base) UsedBehind(call *ssa.Call) (uses []*ssa.Call, release []string) {
	obj := ssaflow.Callee(&call.Call)
	args := ssaflow.Args(&call.Call)
	if obj == nil || obj.Name() != "Close" || len(args) == 0 {
		return nil, nil
	}
	v := promotedFrom(args[0])
	release = kn.ReleaseOf(v.Type())
	if !slices.Contains(release, obj.Name()) {
		return nil, nil
	}
	switch v.(type) {
	case *ssa.Alloc, *ssa.FieldAddr, *ssa.IndexAddr, *ssa.FreeVar, *ssa.Global:
		return nil, nil // there may be another one by then
	}
	for _, b := range call.Parent().Blocks {
		for _, instr := range b.Instrs {
			use, ok := instr.(*ssa.Call)
			if !ok || use == call || !follows(call, use) {
				continue
			}
			method, args := ssaflow.Callee(&use.Call), ssaflow.Args(&use.Call)
			if method != nil && len(args) > 0 && promotedFrom(args[0]) == v && kn.IsCommand(use, method) {
				uses = append(uses, use)
			}
		}
	}
	return uses, release
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
