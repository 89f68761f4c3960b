package lifetime

import (
	"go/types"
	"sort"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers whether whoever gets a resource can release it, and how.

// releasable reports whether a caller can release what it is handed, and
// completes the names of the methods that do.
func (e *owners) releasable(fn *ssa.Function, o *Open) bool {
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
		if o.At.dyn != nil {
			t = o.At.dyn
		}
	}
	if heap.Shape(o.At.Shape).Elems() && !o.At.Param {
		return true // the caller can range over it
	}
	names := e.closers(t, o.At.Shape, o.At.hops, o.Release)
	if len(names) > 0 {
		o.At.closers = names
		return true
	}
	return visiblePath(t, o.At.Shape) || e.within(t, o.At.Shape)
}

// closers returns the methods of a type that release what it holds under a
// shape, on some path at least.
func (e *owners) closers(t types.Type, shape string, hops []hop, release []string) []string {
	ms := types.NewMethodSet(pointerTo(t))
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
			if o.Effect == Released {
				names = append(names, m.Name())
				break
			}
		}
	}
	sort.SliceStable(names, func(i, j int) bool { return closerRank(names[i]) < closerRank(names[j]) })
	return names
}

// reopens reports whether a method leaves an open resource in its receiver.
func (e *owners) reopens(m *types.Func) bool {
	var opens []Open
	if f := e.pkg.Prog.FuncValue(m); e.know.hasBody(f) {
		opens = e.openings.opensOf(f)
	} else if fact, _ := e.know.fact(m); fact != nil {
		opens = fact.Opens
	}
	for _, o := range opens {
		if o.At.Param && o.At.Index == 0 {
			return true
		}
	}
	return false
}

// closerRank puts the usual name first.
func closerRank(name string) int {
	for i, n := range []string{"Close", "Stop", "Shutdown", "Disconnect", "Release"} {
		if name == n {
			return i
		}
	}
	return 9
}

func (e *owners) methodOutcomes(m *types.Func, sel *types.Selection, shape string, hops []hop, release []string) []Outcome {
	via := strings.Join(release, ",")
	if row := e.know.table.Func(m); row != nil {
		for _, r := range row.Releases {
			if r == 0 {
				return []Outcome{{Effect: Released}}
			}
		}
		for _, n := range release {
			if n == m.Name() {
				return []Outcome{{Effect: Released}}
			}
		}
		return nil
	}
	if m.Pkg() == e.pass.Pkg {
		if f := e.pkg.Prog.FuncValue(m); e.know.hasBody(f) && len(sel.Index()) == 1 {
			return e.summaries.summarise(f, 0, shape, via, concrete{hops: hops}, nil)
		}
		if !ssaflow.IsGeneric(sel.Recv()) {
			if f := e.pkg.Prog.MethodValue(sel); e.know.hasBody(f) {
				return e.summaries.summarise(f, 0, shape, via, concrete{hops: hops}, nil)
			}
		}
		return nil
	}
	fact, _ := e.know.fact(m)
	if fact == nil {
		return nil
	}
	return e.summaries.paramOutcomes(m, nil, false, fact, 0, shape, via, concrete{hops: hops})
}

func pointerTo(t types.Type) types.Type {
	if _, ok := t.Underlying().(*types.Pointer); ok || types.IsInterface(t) {
		return t
	}
	return types.NewPointer(t)
}

// visiblePath reports whether a user of the type can get at the resource
// through exported fields, or because the type is this package's own.
func visiblePath(t types.Type, shape string) bool {
	for _, way := range heap.Shape(shape).Ways() {
		if visible(t, way) {
			return true
		}
	}
	return false
}

// within reports whether a user of the type in this package can get at the
// resource through a field, and has no other way: the struct has no name, so that
// it has no methods, or the field holds a func that releases the resource.
func (e *owners) within(t types.Type, shape string) bool {
	for _, way := range heap.Shape(shape).Ways() {
		st := fieldsOnWay(t, way)
		if st == nil {
			continue
		}
		own := true
		for _, f := range st {
			own = own && (f.Exported() || f.Pkg() == e.pass.Pkg)
		}
		if _, bare := ssaflow.Deref(t).(*types.Struct); own && (bare || way.Func) {
			return true
		}
	}
	return false
}

// fieldsOnWay returns the fields on a way, or nil if there is something else on
// it.
func fieldsOnWay(t types.Type, way heap.Way) []*types.Var {
	var fields []*types.Var
	for i, path := range way.Paths {
		if i > 0 {
			p, ok := t.Underlying().(*types.Pointer)
			if !ok {
				return nil
			}
			t = p.Elem()
		}
		for path != "" {
			field, rest, _ := path.First()
			st, ok := t.Underlying().(*types.Struct)
			if field < 0 || !ok || field >= st.NumFields() {
				return nil
			}
			fields = append(fields, st.Field(field))
			t, path = st.Field(field).Type(), rest
		}
	}
	return fields
}

// visible reports whether all fields on a way are exported, as far as the first
// element: who has a container can range over it.
func visible(t types.Type, way heap.Way) bool {
	for i, path := range way.Paths {
		if i > 0 {
			if p, ok := t.Underlying().(*types.Pointer); ok {
				t = p.Elem()
			}
		}
		for path != "" {
			field, rest, _ := path.First()
			if field < 0 {
				return true
			}
			st, ok := t.Underlying().(*types.Struct)
			if !ok || field >= st.NumFields() || !st.Field(field).Exported() {
				return false
			}
			t, path = st.Field(field).Type(), rest
		}
	}
	return true
}
