package loops

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A variation finds out whether a value can differ between the turns of a
// loop, or between the calls of a function. In doubt it can.
type variation struct {
	in     *Result
	inside map[*ssa.BasicBlock]bool // the loop; nil: the function
	own    func(*ssa.Parameter) bool
	args   map[*ssa.Parameter]ssa.Value // of a literal that the loop starts
	seen   map[ssa.Value]bool
}

// Varies reports whether what is acquired can differ each time. The func says
// which parameters differ from call to call.
func (r *Result) Varies(x *lifetime.Resource, differs func(*ssa.Parameter) bool) bool {
	v := &variation{in: r, own: differs, seen: map[ssa.Value]bool{}}
	return v.opening(x.Instr)
}

// leavesWith reports whether the loop can end with what its last turn opened:
// it then looks for one that is good enough, and releases the others.
func (v *variation) leavesWith(opened ssa.Value, release []string) bool {
	seen := map[ssa.Value]bool{}
	work := []ssa.Value{opened}
	if ssaflow.IsError(opened.Type()) {
		return false // what a literal returns that has opened and released
	}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[x] || x.Referrers() == nil {
			continue
		}
		seen[x] = true
		for _, ref := range *x.Referrers() {
			if ref.Parent() != v.function() {
				continue
			}
			if !v.inside[ref.Block()] {
				call, ok := ref.(ssa.CallInstruction)
				if obj := calleeOfInstr(call, ok); obj == nil || !slices.Contains(release, obj.Name()) {
					return true
				}
				continue
			}
			switch ref := ref.(type) {
			case *ssa.Extract, *ssa.Phi, *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType, *ssa.TypeAssert:
				if x, ok := ref.(*ssa.Extract); !ok || !ssaflow.IsError(x.Type()) {
					work = append(work, ref.(ssa.Value))
				}
			case *ssa.Store:
				if cell, ok := ref.Addr.(*ssa.Alloc); ok && ref.Val == x {
					for _, use := range *cell.Referrers() {
						if load, ok := use.(*ssa.UnOp); ok {
							work = append(work, load)
							if load.Parent() == v.function() && !v.inside[load.Block()] {
								return true
							}
						}
					}
				}
			}
		}
	}
	return false
}

// calleeOfInstr is the function that an instruction calls, or nil.
func calleeOfInstr(call ssa.CallInstruction, ok bool) *types.Func {
	if !ok {
		return nil
	}
	return ssaflow.Callee(call.Common())
}

// waits reports whether each turn of the loop waits for a time: what is opened
// is then idle between two turns, and better closed.
func (v *variation) waits() bool {
	for b := range v.inside {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if instr.Op == token.ARROW && isTimeChan(instr.X.Type()) {
					return true
				}
			case *ssa.Select:
				for _, s := range instr.States {
					if isTimeChan(s.Chan.Type()) {
						return true
					}
				}
			case *ssa.Call:
				if obj := ssaflow.Callee(&instr.Call); obj != nil {
					if row := v.in.prog.Table.Func(obj); row != nil && row.Pause {
						return true
					}
				}
			}
		}
	}
	return false
}

func isTimeChan(t types.Type) bool {
	c, ok := t.Underlying().(*types.Chan)
	if !ok {
		return false
	}
	n := ssaflow.Named(c.Elem())
	return n != nil && ssaflow.IsNamed(n, "time", "Time")
}

// opening reports whether what an instruction opens can differ.
func (v *variation) opening(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.Call:
		for _, a := range ssaflow.Args(&instr.Call) {
			if v.differs(a) {
				return true
			}
		}
		return false
	case *ssa.Alloc:
		return v.stored(instr)
	}
	return true
}

// differs reports whether a value can differ.
func (v *variation) differs(x ssa.Value) bool {
	if v.seen[x] {
		return false
	}
	v.seen[x] = true
	if ssaflow.IsContext(x.Type()) {
		return false // it bounds the time, and says nothing of where to
	}
	switch x := x.(type) {
	case *ssa.Const, *ssa.Function, *ssa.Builtin, *ssa.Global:
		return false
	case *ssa.Parameter:
		if a := v.args[x]; a != nil {
			return v.differs(a)
		}
		return v.inside == nil && v.own(x) || v.inside != nil && ssaflow.IsLoopBody(x.Parent()) // each iteration has its own
	case *ssa.FreeVar:
		bound := ssaflow.Binding(x)
		return bound == nil || v.differs(bound)
	}
	in, ok := x.(ssa.Instruction)
	if !ok {
		return true
	}
	switch x := x.(type) {
	case *ssa.Alloc:
		return v.stored(x)
	case *ssa.MakeSlice, *ssa.MakeMap:
		return v.stored(x)
	}
	if v.inside != nil && in.Parent() == v.function() && !v.inside[in.Block()] {
		if _, addr := x.Type().Underlying().(*types.Pointer); addr {
			return v.stored(x)
		}
		return false // it is there before the loop begins
	}
	switch x := x.(type) {
	case *ssa.Phi:
		for _, p := range x.Block().Preds {
			if v.inside != nil && (!v.inside[p] || x.Block().Dominates(p)) {
				return true // each turn has its own
			}
		}
	case *ssa.UnOp:
		if x.Op == token.ARROW {
			return true
		}
	case *ssa.Next, *ssa.Range, *ssa.Select, *ssa.MakeChan:
		return true
	case *ssa.Call:
		if v.unsteady(x) {
			return true
		}
	}
	for _, op := range in.Operands(nil) {
		if *op != nil && v.differs(*op) {
			return true
		}
	}
	return false
}

func (v *variation) function() *ssa.Function {
	for b := range v.inside {
		return b.Parent()
	}
	return nil
}

// unsteady reports whether a call can return something else each time,
// although its arguments are the same.
func (v *variation) unsteady(call *ssa.Call) bool {
	if _, ok := call.Call.Value.(*ssa.Builtin); ok {
		return false
	}
	if fn := v.in.prog.Body(&call.Call); fn != nil {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					if _, local := ssaflow.Root(instr.Addr).(*ssa.Alloc); !local {
						return true
					}
				case *ssa.MapUpdate, *ssa.Send:
					return true
				}
			}
		}
		return false
	}
	obj := ssaflow.Callee(&call.Call)
	return obj == nil || ssaflow.IsMethod(obj) && !strings.HasPrefix(obj.Name(), "Get") && len(ssaflow.Args(&call.Call)) != 1
}

// stored reports whether what is put into an object can differ.
func (v *variation) stored(object ssa.Value) bool {
	refs := object.Referrers()
	if refs == nil {
		return false
	}
	for _, ref := range *refs {
		if v.inside != nil && ref.Parent() == v.function() && !v.inside[ref.Block()] {
			continue
		}
		switch ref := ref.(type) {
		case *ssa.Store:
			if ref.Addr == object && v.differs(ref.Val) {
				return true
			}
		case *ssa.MapUpdate:
			if ref.Map == object && (v.differs(ref.Key) || v.differs(ref.Value)) {
				return true
			}
		case *ssa.FieldAddr:
			if v.stored(ref) {
				return true
			}
		case *ssa.IndexAddr:
			if ref.X == object && v.stored(ref) {
				return true
			}
		case *ssa.MakeInterface:
			// Given away as any: it may be filled in, as by a decoder.
			for _, use := range *ref.Referrers() {
				if call, ok := use.(ssa.CallInstruction); ok && !v.in.lives.Hands(call.Common()) {
					return true
				}
			}
		}
	}
	return false
}
