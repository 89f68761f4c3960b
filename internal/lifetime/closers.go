package lifetime

import (
	"go/types"
	"sort"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers whether whoever gets a resource can release it, and how.

// releasable reports whether a caller can release what it is handed, and
// completes the names of the methods that do.
func (e *owners) releasable(fn *ssa.Function, o *facts.Open) bool {
	if o.At.Func || o.Cleanup >= 0 || o.At.Shape == "" && len(o.Release) > 0 {
		return true
	}
	for _, p := range o.Also {
		if p.Shape == "" && !o.At.Param {
			return true
		}
	}
	var t types.Type
	if o.At.Param {
		if o.At.Index >= len(fn.Params) {
			return false
		}
		t = fn.Params[o.At.Index].Type()
	} else {
		res := fn.Signature.Results()
		if o.At.Index >= res.Len() {
			return false
		}
		t = res.At(o.At.Index).Type()
		if dyn := o.At.Dynamic(); dyn != nil {
			t = dyn
		}
	}
	if heap.Shape(o.At.Shape).Elems() && !o.At.Param {
		return true // the caller can range over it
	}
	names := e.closers(t, o.At.Shape, o.At.OnWay(), o.Release)
	if len(names) > 0 {
		o.At = o.At.ClosedBy(names)
		return true
	}
	return knowledge.VisiblePath(t, o.At.Shape) || e.know.OwnPath(t, o.At.Shape)
}

// closers returns the methods of a type that release what it holds under a
// shape, on some path at least.
func (e *owners) closers(t types.Type, shape string, hops []facts.Hop, release []string) []string {
	ms := types.NewMethodSet(ssaflow.PointerTo(t))
	var names []string
	for i := 0; i < ms.Len(); i++ {
		m, ok := ms.At(i).Obj().(*types.Func)
		if !ok {
			continue
		}
		if e.reopens(m) {
			continue // it releases one and opens another
		}
		for _, o := range e.methodOutcomes(m, ms.At(i), shape, hops, release) {
			if o.Effect == facts.Released {
				names = append(names, m.Name())
				break
			}
		}
	}
	sort.SliceStable(names, func(i, j int) bool { return knowledge.CloserRank(names[i]) < knowledge.CloserRank(names[j]) })
	return names
}

// reopens reports whether a method leaves an open resource in its receiver.
func (e *owners) reopens(m *types.Func) bool {
	var opens []facts.Open
	if f := e.pkg.Prog.FuncValue(m); e.know.HasBody(f) {
		opens = e.openings.opensOf(f)
	} else if fact, _ := e.know.Fact(m); fact != nil {
		opens = fact.Opens
	}
	for _, o := range opens {
		if o.At.Param && o.At.Index == 0 {
			return true
		}
	}
	return false
}

// handsOut reports whether a method of a type can give its caller what the type
// holds under a shape. What cannot be read can.
func (e *owners) handsOut(t types.Type, m *types.Func, shape string, release []string) bool {
	sel := types.NewMethodSet(t).Lookup(m.Pkg(), m.Name())
	if sel == nil {
		return true
	}
	own := sel.Obj().(*types.Func)
	if own.Pkg() != e.pass.Pkg {
		if _, analysed := e.know.Fact(own); !analysed || len(sel.Index()) > 1 {
			return true
		}
	} else if f := e.pkg.Prog.FuncValue(own); !e.know.HasBody(f) || len(sel.Index()) > 1 {
		return true
	}
	for _, o := range e.methodOutcomes(own, sel, shape, nil, release) {
		if o.Effect != facts.Kept || len(o.Into)+len(o.Lends) > 0 {
			return true
		}
	}
	return false
}

func (e *owners) methodOutcomes(m *types.Func, sel *types.Selection, shape string, hops []facts.Hop, release []string) []facts.Outcome {
	via := strings.Join(release, ",")
	if row := e.know.Table.Func(m); row != nil {
		for _, r := range row.Releases {
			if r == 0 {
				return []facts.Outcome{{Effect: facts.Released}}
			}
		}
		for _, n := range release {
			if n == m.Name() {
				return []facts.Outcome{{Effect: facts.Released}}
			}
		}
		return nil
	}
	if m.Pkg() == e.pass.Pkg {
		if f := e.pkg.Prog.FuncValue(m); e.know.HasBody(f) && len(sel.Index()) == 1 {
			return e.summaries.summarise(f, 0, shape, via, facts.Concrete{Hops: hops}, nil)
		}
		if !ssaflow.IsGeneric(sel.Recv()) {
			if f := e.pkg.Prog.MethodValue(sel); e.know.HasBody(f) {
				return e.summaries.summarise(f, 0, shape, via, facts.Concrete{Hops: hops}, nil)
			}
		}
		return nil
	}
	fact, _ := e.know.Fact(m)
	if fact == nil {
		return nil
	}
	return e.summaries.paramOutcomes(m, nil, false, fact, 0, shape, via, facts.Concrete{Hops: hops})
}
