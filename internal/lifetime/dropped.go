package lifetime

import (
	"golang.org/x/tools/go/ssa"
)

// Dropped reports whether nothing keeps the resource: no variable, field,
// container, channel or function is given it, so that after the expression
// that opens it there is nothing left to close it by.
func (r *Resource) Dropped() bool {
	if r.Name != "" {
		return false
	}
	v, ok := r.Instr.(ssa.Value)
	return !ok || !given(v, map[ssa.Value]bool{})
}

// given reports whether a value is used for anything but a call of a method of
// it, a comparison, or a look at a part of it.
func given(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] || v.Referrers() == nil {
		return false
	}
	seen[v] = true
	for _, user := range *v.Referrers() {
		switch user := user.(type) {
		case *ssa.DebugRef, *ssa.BinOp, *ssa.If, *ssa.FieldAddr, *ssa.Field, *ssa.UnOp:
		case *ssa.Extract:
			if user.Index == 0 && given(user, seen) {
				return true
			}
		case *ssa.MakeInterface, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.TypeAssert, *ssa.Phi:
			if given(user.(ssa.Value), seen) {
				return true
			}
		case ssa.CallInstruction:
			c := user.Common()
			for i, arg := range c.Args {
				receiver := i == 0 && !c.IsInvoke() && c.StaticCallee() != nil && c.StaticCallee().Signature.Recv() != nil
				if arg == v && !receiver {
					return true
				}
			}
		default:
			return true
		}
	}
	return false
}
