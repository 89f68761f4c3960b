package lifetime

import (
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers for a function with too many paths to follow whether
// anything in it could release a resource, on whatever path. If nothing can, it
// is never closed, and no path has to be followed to know that.

// onlyBorrowed reports whether a resource stays in the local variables of a
// function, and is only used there: nothing that it is passed to releases it,
// keeps it or is unknown.
func (e *summaries) onlyBorrowed(s *site) bool {
	o := s.open
	if o.At.Param || o.At.Func || o.At.Shape != "" || o.Cleanup >= 0 || len(o.Also) > 0 || o.Lent {
		return false
	}
	if _, ok := s.instr.(*ssa.Call); !ok {
		return false
	}
	return e.staysIn(ssaflow.Results(s.instr, o.At.Index), "", nil, o.Release)
}

// staysIn reports whether what hangs under a shape of some values of a function
// is only used there. The concrete type of the values is dyn, if it is certain.
func (e *engine) staysIn(values []ssa.Value, shape string, dyn types.Type, release []string) bool {
	var work []ssa.Value
	seen := map[ssa.Value]bool{}
	add := func(v ssa.Value) {
		if !seen[v] {
			seen[v] = true
			work = append(work, v)
		}
	}
	for _, v := range values {
		add(v)
	}
	for len(work) > 0 {
		v := work[len(work)-1]
		work = work[:len(work)-1]
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Phi, *ssa.MakeInterface, *ssa.ChangeInterface, *ssa.ChangeType, *ssa.TypeAssert:
				add(ref.(ssa.Value))
			case *ssa.Extract:
				add(ref)
			case *ssa.Store:
				cell, local := ref.Addr.(*ssa.Alloc)
				if ref.Val != v || !local {
					return false
				}
				for _, use := range *cell.Referrers() {
					switch use := use.(type) {
					case *ssa.Store, *ssa.DebugRef:
					case *ssa.UnOp:
						add(use)
					default:
						return false
					}
				}
			case *ssa.FieldAddr, *ssa.UnOp:
				if shape != "" {
					return false
				}
				add(ref.(ssa.Value)) // a promoted method's receiver
			case *ssa.BinOp, *ssa.DebugRef, *ssa.If:
			case *ssa.Call:
				if !e.summaries.borrows(ref, v, shape, dyn, release) {
					return false
				}
			default:
				return false
			}
		}
	}
	return true
}

// borrows reports whether a call only uses what hangs under a shape of a value
// that it is passed.
func (e *summaries) borrows(call *ssa.Call, v ssa.Value, shape string, dyn types.Type, release []string) bool {
	obj := ssaflow.Callee(&call.Call)
	if obj == nil || slices.Contains(release, obj.Name()) {
		return false
	}
	args := ssaflow.Args(&call.Call)
	if row := e.know.Table.Func(obj); row != nil {
		if !row.Library || len(row.Aliases) > 0 || shape != "" {
			return false
		}
		for i, a := range args {
			if a == v && (slices.Contains(row.Releases, i) || slices.Contains(row.Takes, i)) {
				return false
			}
		}
		return true
	}
	callee := ssaflow.Static(&call.Call)
	if call.Call.IsInvoke() && args[0] == v && dyn != nil {
		if m := e.know.Method(dyn, obj); m != nil {
			callee = m
			obj, _ = m.Object().(*types.Func)
		}
	}
	if obj == nil {
		return false
	}
	body := e.know.HasBody(callee)
	fact, analysed := e.know.Fact(obj)
	if !body && (!analysed || call.Call.IsInvoke() && dyn == nil) {
		return false
	}
	for i, a := range args {
		if a != v {
			continue
		}
		for _, out := range e.paramOutcomes(obj, callee, body, fact, i, shape, strings.Join(release, ","), facts.Concrete{Type: dyn}) {
			if out.Effect != facts.Kept || len(out.Into)+len(out.Lends) > 0 {
				return false
			}
		}
	}
	return true
}

// lastReturn returns the return that stands last of those that a site leads to;
// nil if there is none.
func lastReturn(s *site) *ssa.Return {
	after := ssaflow.ReachableFrom(s.instr.Block())
	var last *ssa.Return
	for _, b := range s.fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if ok && (b == s.instr.Block() || after[b]) && (last == nil || !ret.Pos().IsValid() || ret.Pos() > last.Pos()) {
			last = ret
		}
	}
	return last
}
