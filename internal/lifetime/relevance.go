package lifetime

import (
	"go/types"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// Most of what a function does has nothing to do with a resource. What is
// left out of a state makes paths meet again, and the search fast.

// canHold reports whether a value of a type can lead to a resource.
func (kn *knowledge) canHold(t types.Type) bool {
	return kn.holders.meanwhile(t, false, func() bool { return kn.canHoldNew(t) })
}

func (kn *knowledge) canHoldNew(t types.Type) bool {
	switch t := t.(type) {
	case *types.Alias:
		return kn.canHold(types.Unalias(t))
	case *types.TypeParam:
		return true
	case *types.Named:
		if ssaflow.IsError(t) {
			return false
		}
		pkg := t.Obj().Pkg()
		if pkg == nil {
			return true
		}
		if kn.table.Type(t.Obj()) != nil {
			return true
		}
		if types.IsInterface(t) {
			return pkg.Path() != "context" && pkg.Path() != "testing"
		}
		switch pkg.Path() {
		case "testing", "time", "reflect", "net/http", "strings", "bytes":
			return false
		}
		for i := 0; i < t.TypeArgs().Len(); i++ {
			if kn.canHold(t.TypeArgs().At(i)) {
				return true
			}
		}
		return kn.canHold(t.Underlying())
	case *types.Basic:
		return t.Kind() == types.UnsafePointer
	case *types.Pointer:
		return kn.canHold(t.Elem())
	case *types.Slice:
		return kn.canHold(t.Elem())
	case *types.Array:
		return kn.canHold(t.Elem())
	case *types.Chan:
		return kn.canHold(t.Elem())
	case *types.Map:
		return kn.canHold(t.Elem()) || kn.canHold(t.Key())
	case *types.Struct:
		for i := 0; i < t.NumFields(); i++ {
			if kn.canHold(t.Field(i).Type()) {
				return true
			}
		}
		return false
	case *types.Tuple:
		return true
	}
	return true // interfaces and funcs
}

// overIdle reports whether x < y compares an index with the length of a container
// in which nothing leads to a resource. How far a loop over it has come decides
// nothing.
func (e *engine) overIdle(x, y ssa.Value) bool {
	call, ok := y.(*ssa.Call)
	if !ok {
		return false
	}
	b, ok := call.Call.Value.(*ssa.Builtin)
	if _, bound := x.(*ssa.Const); bound || !ok || b.Name() != "len" {
		return false
	}
	return !e.know.canHold(call.Call.Args[0].Type())
}

// idleTurn reports whether a condition is that of a loop over such a container, and
// the loop does not open the resource: whether it runs decides nothing.
func (s *search) idleTurn(instr *ssa.If) bool {
	less, ok := instr.Cond.(*ssa.BinOp)
	if !ok || !s.e.overIdle(less.X, less.Y) {
		return false
	}
	switch {
	case s.site == nil || !ssaflow.Encloses(instr.Parent(), s.site.fn):
		return true
	case s.site.fn != instr.Parent():
		return false
	}
	return !ssaflow.LoopAround(instr.Block())[s.site.instr.Block()]
}

// watched reports whether a variable's plain contents matter: flags and errors
// that a function literal shares with its function, when the literal has to
// do with the resource. Tables and options are written once and asked nothing.
func (s *search) watched(object *heap.Term) bool {
	a, ok := object.Current().Value.(*ssa.Alloc)
	if !ok {
		return true // a parameter's object, or one of a call
	}
	switch a.Type().Underlying().(*types.Pointer).Elem().Underlying().(type) {
	case *types.Struct, *types.Array:
		return false
	}
	captured := false
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.MakeClosure:
			if captured = true; s.reach.Shares(ref.Fn.(*ssa.Function)) {
				return true
			}
		case *ssa.UnOp:
			if tested(ref) {
				return true
			}
		}
	}
	return !captured
}

// tested reports whether a condition asks for a value.
func tested(v ssa.Value) bool {
	for _, ref := range *v.Referrers() {
		switch ref.(type) {
		case *ssa.If, *ssa.BinOp:
			return true
		}
	}
	return false
}
