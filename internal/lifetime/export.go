package lifetime

import (
	"go/types"
	"slices"
	"sort"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// findOpenings finds out what each function opens, in the order of the source, so that
// no answer depends on which question came first.
func (e *engine) findOpenings() {
	for _, fn := range e.funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || obj.Pkg() != e.pass.Pkg {
			continue
		}
		e.openings.opensOf(fn)
	}
}

// exportFacts computes and exports what other packages need to know.
func (e *engine) exportFacts() {
	held := e.summaries.heldShapes()
	for _, fn := range e.funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || obj.Pkg() != e.pass.Pkg || !obj.Exported() {
			continue
		}
		fact := &facts.FuncFact{NoReturn: e.know.NoReturn(fn), Fresh: e.know.FreshOf(fn), Same: e.know.SameOf(fn)}
		for _, o := range e.openings.opensOf(fn) {
			if x, ok := knowledge.Exportable(fn, o); ok {
				fact.Opens = append(fact.Opens, x)
			}
		}
		if !fact.NoReturn {
			for i, p := range fn.Params {
				fact.Params = append(fact.Params, e.summaries.paramFacts(fn, i, p, held)...)
			}
		}
		if !fact.NoReturn {
			fact.Makes = e.openings.makeFacts(fn)
			fact.Insists = e.know.Insisted(fn)
		}
		if fact.NoReturn || len(fact.Fresh)+len(fact.Same)+len(fact.Opens)+len(fact.Params)+len(fact.Makes)+len(fact.Insists) > 0 {
			e.pass.ExportObjectFact(obj, fact)
		}
	}
}

// heldShapes collects, for each named type, the shapes under which this
// package leaves resources in values of the type.
func (e *summaries) heldShapes() map[*types.TypeName][]heldShape {
	held := map[*types.TypeName]map[string]heldShape{}
	add := func(t types.Type, shape string, hops []facts.Hop, release []string) {
		n := ssaflow.Named(t)
		if n == nil || shape == "" {
			return
		}
		if _, ok := t.Underlying().(*types.Pointer); !ok && !types.IsInterface(t) {
			shape = string(heap.Shape(shape).Behind())
			hops = nil
		}
		if held[n.Obj()] == nil {
			held[n.Obj()] = map[string]heldShape{}
		}
		via := strings.Join(release, ",")
		as := facts.Concrete{Hops: hops}
		if have, ok := held[n.Obj()][shape+"/"+via]; ok && have.as.String() != as.String() {
			as.Hops = nil // one type, or none that is certain
		}
		held[n.Obj()][shape+"/"+via] = heldShape{shape, via, as}
	}
	for _, fn := range e.funcs {
		opens, _ := e.openings.known.Known(fn)
		for _, o := range opens {
			t := o.At.Dynamic()
			if t == nil {
				t = knowledge.PlaceType(fn, o.At)
			}
			if t != nil {
				add(t, o.At.Shape, facts.Below(o.At.OnWay()), o.Release)
			}
		}
	}
	// What a user can put in place: exported fields of a library's types.
	scope := e.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() {
			continue
		}
		st, ok := tn.Type().Underlying().(*types.Struct)
		if !ok {
			continue
		}
		for i := 0; i < st.NumFields(); i++ {
			f := st.Field(i)
			at := heap.Here().Deref(heap.Field(i)).String()
			if release := e.know.ReleaseOf(f.Type()); release != nil {
				add(types.NewPointer(tn.Type()), at, nil, release)
			}
			// A field of a closer's type is filled by whoever has one.
			for _, m := range e.closerNames(f.Type()) {
				add(types.NewPointer(tn.Type()), at, nil, []string{m})
			}
			// What a bare type parameter stands for can be read and kept, and not released.
			if ssaflow.IsBareTypeParam(f.Type()) {
				add(types.NewPointer(tn.Type()), at, nil, nil)
			}
			if elem := ssaflow.ElemOf(f.Type()); elem != nil {
				in := heap.Here().Deref(heap.Field(i)).Deref(heap.Elem).String()
				for _, m := range e.closerNames(elem) {
					add(types.NewPointer(tn.Type()), in, nil, []string{m})
				}
				if ssaflow.IsBareTypeParam(elem) {
					add(types.NewPointer(tn.Type()), in, nil, nil)
				}
			}
		}
	}
	out := map[*types.TypeName][]heldShape{}
	for tn, shapes := range held {
		var keys []string
		for k := range shapes {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			out[tn] = append(out[tn], shapes[k])
		}
	}
	return out
}

// A heldShape is a shape under which values of a type hold a resource, and the
// types on the way that are certain wherever this package leaves one there.
type heldShape struct {
	shape, via string
	as         facts.Concrete
}

// paramFacts returns the facts about one parameter that a caller in another
// package can use.
func (e *summaries) paramFacts(fn *ssa.Function, i int, p *ssa.Parameter, held map[*types.TypeName][]heldShape) []facts.ParamFact {
	var list []facts.ParamFact
	add := func(shape, via string, as facts.Concrete) {
		out := e.summarise(fn, i, shape, via, as, nil)
		if len(out) == 1 && out[0].Effect == facts.Kept && len(out[0].Into)+len(out[0].Lends) == 0 && !slices.Contains(out[0].Results, facts.Uses) {
			return // the default
		}
		if facts.Mixed(out) {
			for _, c := range knowledge.BoolArgs(fn) {
				if w := e.summarise(fn, i, shape, via, as, []facts.Constant{c}); !facts.Mixed(w) {
					list = append(list, facts.ParamFact{Param: i, Shape: shape, When: c.String(), Via: via, Outcomes: facts.Portable(w)})
				}
			}
			for _, f := range e.know.FlagsBehind(p.Type()) {
				told := as
				told.Flags = []facts.Flag{f}
				if w := e.summarise(fn, i, shape, via, told, nil); !facts.Mixed(w) {
					list = append(list, facts.ParamFact{Param: i, Shape: shape, When: f.String(), Via: via, Outcomes: facts.Portable(w)})
				}
			}
		}
		list = append(list, facts.ParamFact{Param: i, Shape: shape, Via: via, Outcomes: facts.Portable(out)})
	}
	t := p.Type()
	switch {
	case ssaflow.IsFunc(t):
		add(string(heap.Func), "", facts.Concrete{})
		return list
	case e.know.ReleaseOf(t) != nil:
		add("", strings.Join(e.know.ReleaseOf(t), ","), facts.Concrete{})
	case types.IsInterface(t) || ssaflow.IsTypeParam(t):
		add("", "", facts.Concrete{})
		for _, m := range e.releaseNames(t) {
			add("", m, facts.Concrete{})
		}
	}
	if elem := ssaflow.ElemOf(t); elem != nil {
		if r := e.know.ReleaseOf(elem); r != nil {
			add(heap.Here().Deref(heap.Elem).String(), strings.Join(r, ","), facts.Concrete{})
		} else if types.IsInterface(elem) {
			for _, m := range e.releaseNames(elem) {
				add(heap.Here().Deref(heap.Elem).String(), m, facts.Concrete{})
			}
		}
	}
	if n := ssaflow.Named(t); n != nil {
		for _, h := range held[n.Obj()] {
			shape, as := h.shape, h.as
			if _, ptr := t.Underlying().(*types.Pointer); !ptr {
				shape = string(heap.Shape(shape).Value())
				as = facts.Concrete{}
			}
			add(shape, h.via, as)
		}
	}
	return list
}

// closerNames is releaseNames for what is not an empty interface.
func (e *summaries) closerNames(t types.Type) []string {
	if iface, ok := t.Underlying().(*types.Interface); !ok || iface.NumMethods() == 0 {
		return nil
	}
	return e.releaseNames(t)
}

// releaseNames returns the methods by which this package can release what it gets
// as an interface: those that the interface lists, and those of what the package
// asks values for.
func (e *summaries) releaseNames(t types.Type) []string {
	names := knowledge.ReleaseNames(t)
	if !types.IsInterface(t) {
		return names
	}
	for _, m := range knowledge.AskedFor(e.know, e.funcs) {
		if !slices.Contains(names, m) {
			names = append(names, m)
		}
	}
	return names
}
