package lifetime

import (
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// reopened reports whether a method that opens a resource and keeps it in a
// field of its receiver runs twice on one object: once for the constructor,
// and again for whoever calls an exported method, with nothing there that
// looks at what the field holds. The second run loses what the first opened.
func (e *engine) reopened(s *site, v *verdict) *Neglect {
	fn := s.fn
	obj, ok := fn.Object().(*types.Func)
	if !ok || fn.Parent() != nil || obj.Signature().Recv() == nil || obj.Exported() {
		return nil
	}
	owner := ssaflow.Named(obj.Signature().Recv().Type())
	field := keptIn(owner, v.handed)
	if field == nil || field.Exported() && owner.Obj().Exported() || !blindly(e.graphs, s.instr, field) {
		return nil
	}
	calls, ok := e.prog.Callers(fn)
	if !ok {
		return nil
	}
	var maker *ssa.Function
	for _, call := range calls {
		if a, ok := call.Call.Args[0].(*ssa.Alloc); ok && a.Heap && ssaflow.Returns(call.Parent(), a) {
			maker = call.Parent()
			break
		}
	}
	if maker == nil {
		return nil
	}
	for _, call := range calls {
		again := call.Parent()
		m, ok := again.Object().(*types.Func)
		if !ok || !m.Exported() || again.Signature.Recv() == nil || call.Call.Args[0] != again.Params[0] ||
			!blindly(e.graphs, call, field) || e.prog.CallsDirectly(maker, again) {
			continue
		}
		return &Neglect{Owner: owner.Obj().Name(), Field: field.Name(), Method: again.Name(), Pos: m.Pos(), Maker: maker.Name()}
	}
	return nil
}

// keptIn returns the receiver's field in which every way of returning leaves a
// resource, if it leaves it anywhere.
func keptIn(owner *types.Named, handed [][]facts.Place) *types.Var {
	if owner == nil || len(handed) == 0 {
		return nil
	}
	st, ok := owner.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var field *types.Var
	for _, places := range handed {
		for _, p := range places {
			f := fieldAt(st, p.Shape)
			if !p.Param || p.Index != 0 || f == nil || field != nil && f != field {
				return nil
			}
			field = f
		}
	}
	return field
}

// fieldAt returns the field that a shape like "*.3" selects.
func fieldAt(st *types.Struct, shape string) *types.Var {
	for i := range st.NumFields() {
		if shape == heap.Here().Deref(heap.Field(i)).String() {
			return st.Field(i)
		}
	}
	return nil
}

// blindly reports whether a method gets to an instruction without a look at
// what a field of its receiver holds: it does not read the field, calls nothing
// on the receiver, and no state of the receiver decides.
func blindly(gs *ssaflow.Graphs, instr ssa.Instruction, field *types.Var) bool {
	fn := instr.Parent()
	recv := fn.Params[0]
	before := ssaflow.CanReach(fn, map[*ssa.BasicBlock]bool{instr.Block(): true})
	for _, b := range fn.Blocks {
		if !before[b.Index] {
			continue
		}
		for _, i := range b.Instrs {
			if i == instr && !gs.Flow(fn).InLoop(b) {
				break
			}
			switch i := i.(type) {
			case *ssa.FieldAddr:
				if ssaflow.DeclaredField(i.X.Type(), i.Field) == field.Origin() && !knowledge.OnlyStored(i) {
					return false
				}
			case *ssa.MakeClosure:
				if slices.Contains(i.Bindings, ssa.Value(recv)) {
					return false
				}
			case ssa.CallInstruction:
				if i != instr && (slices.Contains(i.Common().Args, ssa.Value(recv)) || i.Common().Value == recv) {
					return false
				}
			case *ssa.If:
				skips := !before[b.Succs[0].Index] || !before[b.Succs[1].Index]
				if skips && ssaflow.DependsOn(i.Cond, recv) {
					return false
				}
			}
		}
	}
	return true
}
