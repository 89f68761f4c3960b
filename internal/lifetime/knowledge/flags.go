package knowledge

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file knows the flags of an owner: what its constructor says once and for
// all of what its methods are to do.

// FlagsIn returns the fields of a struct type that are flags: unexported
// booleans on which conditions of the package hang, and which nobody sets but
// who makes the struct, or has it made.
func (kn *Base) FlagsIn(t types.Type) []heap.Path {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	return kn.flags.Of(t, func() (list []heap.Path) {
		for i := range st.NumFields() {
			if f := st.Field(i); !f.Exported() && ssaflow.IsBool(f.Type()) && kn.flagFields()[f.Origin()] {
				list = append(list, heap.Field(i))
			}
		}
		return list
	})
}

// FlagsBehind returns both values of each flag of what a type points to.
func (kn *Base) FlagsBehind(t types.Type) (list []facts.Flag) {
	ptr, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return nil
	}
	for _, path := range kn.FlagsIn(ptr.Elem()) {
		shape := heap.Here().Deref(path).String()
		list = append(list, facts.Flag{Shape: shape, Value: false}, facts.Flag{Shape: shape, Value: true})
	}
	return list
}

// flagFields returns the fields that conditions of the package ask for and that
// are set, to constants, only by who makes their struct or has it made.
func (kn *Base) flagFields() map[*types.Var]bool {
	if kn.asked != nil {
		return kn.asked
	}
	kn.asked = map[*types.Var]bool{}
	changed := map[*types.Var]bool{}
	for _, fn := range kn.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.FieldAddr:
					f := ssaflow.DeclaredField(instr.X.Type(), instr.Field)
					if f == nil || !ssaflow.IsBool(f.Type()) {
						continue
					}
					for _, ref := range *instr.Referrers() {
						switch ref := ref.(type) {
						case *ssa.UnOp:
							if ssaflow.IsTested(ref) {
								kn.asked[f] = true
							}
						case *ssa.Store:
							mine := false
							switch instr.X.(type) {
							case *ssa.Alloc, *ssa.Call, *ssa.Extract:
								mine = true
							}
							_, constant := ref.Val.(*ssa.Const)
							if ref.Addr != instr || !mine || !constant {
								changed[f] = true
							}
						case *ssa.DebugRef:
						default:
							changed[f] = true
						}
					}
				case *ssa.Field:
					if f := ssaflow.DeclaredField(instr.X.Type(), instr.Field); f != nil && ssaflow.IsTested(instr) {
						kn.asked[f] = true
					}
				}
			}
		}
	}
	for f := range changed {
		delete(kn.asked, f)
	}
	return kn.asked
}
