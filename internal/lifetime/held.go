package lifetime

import (
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file judges what is opened when somebody asks for it: a func that is
// called once, a lazy value. What a call hands out then is an object that makes
// the resource by the func it was given, and nobody can say when. No path is
// followed: it leaks if the function keeps the object to itself, gets the
// resource from it, and nothing that it does with either can release it.

// held returns the resource that the result of a call makes when it is asked
// for it: a type made of a type parameter without methods, for which a func that
// the call is given stands.
func (e *openings) held(call *ssa.Call) (facts.Open, bool) {
	callee := ssaflow.Static(&call.Call)
	if callee == nil || ssaflow.IsBoundMethod(callee) {
		return facts.Open{}, false
	}
	obj, _ := callee.Object().(*types.Func)
	if obj == nil || obj.Origin().Signature().TypeParams().Len() == 0 || obj.Signature().Recv() != nil {
		return facts.Open{}, false
	}
	if row := e.know.Table.Func(obj); row != nil && (row.Library || len(row.Factories) > 0) {
		return facts.Open{}, false
	}
	for i, a := range call.Call.Args {
		sig, ok := a.Type().Underlying().(*types.Signature)
		if !ok || !e.know.OpensByType(sig) {
			continue
		}
		for _, o := range e.openedByAll(e.prog.FuncsOf(a)) {
			if o.At.Param || o.At.Func || o.At.Shape != "" || o.Cleanup >= 0 || len(o.Also) > 0 || o.Lent {
				continue
			}
			if at, ok := knowledge.HeldIn(obj, i, o.At.Index); ok {
				o.At, o.Err, o.Nil, o.Results = facts.Place{Index: at}, -1, false, nil
				o.Held, o.Lent = true, true
				return o, true
			}
		}
	}
	return facts.Open{}, false
}

// judgeHeld judges a resource that an object makes when it is asked for it.
func (e *engine) judgeHeld(s *site) *verdict {
	v := &verdict{reached: true}
	w := &holding{engine: e, release: s.open.Release, seen: map[ssa.Value]bool{}}
	for _, x := range ssaflow.Results(s.instr, s.open.At.Index) {
		w.add(x)
	}
	if ret := lastReturn(s); ret != nil && w.keeps() && w.asked {
		v.all, v.leaks = true, []leak{{at: ret}}
		return v
	}
	v.moved = []facts.Reason{facts.Borrowed}
	return v
}

// A holding is a walk over what an object and the resource that it makes get to
// in one function.
type holding struct {
	*engine
	release []string
	work    []ssa.Value
	seen    map[ssa.Value]bool
	asked   bool // something is got out of the object
}

func (w *holding) add(v ssa.Value) {
	if !w.seen[v] && !ssaflow.IsError(v.Type()) {
		w.seen[v] = true
		w.work = append(w.work, v)
	}
}

// keeps reports whether all of it stays in the function, and is only used.
func (w *holding) keeps() bool {
	for len(w.work) > 0 {
		v := w.work[len(w.work)-1]
		w.work = w.work[:len(w.work)-1]
		for _, ref := range *v.Referrers() {
			if !w.use(v, ref) {
				return false
			}
		}
	}
	return true
}

func (w *holding) use(v ssa.Value, ref ssa.Instruction) bool {
	switch ref := ref.(type) {
	case *ssa.Phi, *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType, *ssa.TypeAssert, *ssa.Extract,
		*ssa.Field, *ssa.FieldAddr, *ssa.UnOp:
		w.add(ref.(ssa.Value))
		return true
	case *ssa.Store:
		cell, ok := ref.Addr.(*ssa.Alloc)
		return ok && ref.Val == v && w.variable(cell)
	case *ssa.BinOp, *ssa.If, *ssa.DebugRef:
		return true
	case ssa.CallInstruction:
		return w.call(v, ref)
	}
	return false
}

// variable follows what is read from a variable, also in literals that are
// called where they are.
func (w *holding) variable(addr ssa.Value) bool {
	for _, use := range *addr.Referrers() {
		switch use := use.(type) {
		case *ssa.Store:
			if use.Addr != addr {
				return false
			}
		case *ssa.UnOp:
			w.add(use)
		case *ssa.DebugRef:
		case *ssa.MakeClosure:
			for _, ref := range *use.Referrers() {
				if c, ok := ref.(ssa.CallInstruction); !ok || c.Common().Value != use {
					return false
				}
			}
			fn := use.Fn.(*ssa.Function)
			if i := slices.Index(use.Bindings, addr); i < 0 || !w.variable(fn.FreeVars[i]) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// call follows what a call of the object, or of what was got from it, returns.
func (w *holding) call(v ssa.Value, instr ssa.CallInstruction) bool {
	c := instr.Common()
	if _, ok := instr.(*ssa.Go); ok {
		return false
	}
	got := func() bool {
		if x := instr.Value(); x != nil {
			w.asked = true
			w.add(x)
		}
		return true
	}
	if !c.IsInvoke() && c.Value == v {
		return !slices.Contains(c.Args, v) && got() // a func that makes it
	}
	obj := ssaflow.Callee(c)
	if obj == nil || slices.Contains(w.release, obj.Name()) || knowledge.CloserRank(obj.Name()) < 9 {
		return false
	}
	args := ssaflow.Args(c)
	if row := w.know.Table.Func(obj); row != nil {
		if !row.Library || len(row.Takes)+len(row.Releases)+len(row.Scopes) > 0 {
			return false
		}
		if len(row.Aliases) > 0 {
			return got()
		}
		return true
	}
	if call, ok := instr.(*ssa.Call); ok && w.know.ReleaseOf(v.Type()) != nil {
		return w.summaries.borrows(call, v, "", nil, w.release)
	}
	if !ssaflow.IsMethod(obj) || args[0] != v || w.know.ReleaseOf(v.Type()) != nil {
		return false
	}
	for _, a := range args[1:] {
		if a == v || ssaflow.IsFunc(a.Type()) {
			return false
		}
	}
	return got()
}
