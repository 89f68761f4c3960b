package holders

import (
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// uses returns the instructions that mention a value, those of test files left
// out when it is a package-level variable.
func (t *finder) uses(v ssa.Value) []ssa.Instruction {
	if g, ok := v.(*ssa.Global); ok {
		return t.calls().globals[g]
	}
	if refs := v.Referrers(); refs != nil {
		return *refs
	}
	return nil
}

// An index finds what SSA has no referrers for: the calls of a function,
// the uses of a package-level variable, the selections of a field.
type index struct {
	of      map[*ssa.Function][]ssa.CallInstruction
	globals map[*ssa.Global][]ssa.Instruction
	fields  map[fieldKey][]*ssa.FieldAddr
}

// calls makes the index when it is first needed.
func (t *finder) calls() *index {
	if t.index != nil {
		return t.index
	}
	x := &index{
		of:      map[*ssa.Function][]ssa.CallInstruction{},
		globals: map[*ssa.Global][]ssa.Instruction{},
		fields:  map[fieldKey][]*ssa.FieldAddr{},
	}
	t.index = x
	var ops []*ssa.Value
	for _, fn := range t.prog.Funcs {
		if t.prog.InTest(fn.Pos()) {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				ops = instr.Operands(ops[:0])
				for _, op := range ops {
					if g, ok := (*op).(*ssa.Global); ok {
						x.globals[g] = append(x.globals[g], instr)
					}
				}
				switch instr := instr.(type) {
				case ssa.CallInstruction:
					if callee := t.prog.Body(instr.Common()); callee != nil {
						x.of[callee] = append(x.of[callee], instr)
					}
				case *ssa.FieldAddr:
					if n := ssaflow.Named(instr.X.Type()); n != nil {
						k := fieldKey{n.Origin().Obj(), instr.Field}
						x.fields[k] = append(x.fields[k], instr)
					}
				}
			}
		}
	}
	return x
}
