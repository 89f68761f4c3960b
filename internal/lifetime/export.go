package lifetime

import (
	"go/types"
	"sort"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// exportFacts computes and exports what other packages need to know.
func (e *engine) exportFacts() {
	for _, fn := range e.funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || obj.Pkg() != e.pass.Pkg {
			continue
		}
		e.openings.opensOf(fn)
	}
	held := e.summaries.heldShapes()
	for _, fn := range e.funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || obj.Pkg() != e.pass.Pkg || !obj.Exported() {
			continue
		}
		fact := &FuncFact{NoReturn: e.know.noReturn(fn), Fresh: e.know.freshOf(fn), Same: e.know.sameOf(fn)}
		for _, o := range e.openings.opensOf(fn) {
			if x, ok := exportable(fn, o); ok {
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
			fact.Insists = e.know.insisted(fn)
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
	add := func(t types.Type, shape string, hops []hop, release []string) {
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
		as := concrete{hops: hops}
		if have, ok := held[n.Obj()][shape+"/"+via]; ok && have.as.String() != as.String() {
			as.hops = nil // one type, or none that is certain
		}
		held[n.Obj()][shape+"/"+via] = heldShape{shape, via, as}
	}
	for _, fn := range e.funcs {
		for _, o := range e.openings.known.answers[fn] {
			t := o.At.dyn
			if t == nil {
				t = placeType(fn, o.At)
			}
			if t != nil {
				add(t, o.At.Shape, below(o.At.hops), o.Release)
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
			if release := e.know.releaseOf(f.Type()); release != nil {
				add(types.NewPointer(tn.Type()), at, nil, release)
			}
			// A field of a closer's type is filled by whoever has one.
			for _, m := range closerNames(f.Type()) {
				add(types.NewPointer(tn.Type()), at, nil, []string{m})
			}
			// What a bare type parameter stands for can be read and kept, and not released.
			if bareTypeParam(f.Type()) {
				add(types.NewPointer(tn.Type()), at, nil, nil)
			}
			if elem := elemOf(f.Type()); elem != nil {
				in := heap.Here().Deref(heap.Field(i)).Deref(heap.Elem).String()
				for _, m := range closerNames(elem) {
					add(types.NewPointer(tn.Type()), in, nil, []string{m})
				}
				if bareTypeParam(elem) {
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
	as         concrete
}

func placeType(fn *ssa.Function, p Place) types.Type {
	if p.Param {
		if p.Index < len(fn.Params) {
			return fn.Params[p.Index].Type()
		}
		return nil
	}
	if res := fn.Signature.Results(); p.Index < res.Len() {
		return res.At(p.Index).Type()
	}
	return nil
}

// paramFacts returns the facts about one parameter that a caller in another
// package can use.
func (e *summaries) paramFacts(fn *ssa.Function, i int, p *ssa.Parameter, held map[*types.TypeName][]heldShape) []ParamFact {
	var facts []ParamFact
	add := func(shape, via string, as concrete) {
		out := e.summarise(fn, i, shape, via, as, nil)
		if len(out) == 1 && out[0].Effect == Kept && len(out[0].Into)+len(out[0].Lends) == 0 {
			return // the default
		}
		if mixed(out) {
			for _, c := range boolArgs(fn) {
				if w := e.summarise(fn, i, shape, via, as, []constArg{c}); !mixed(w) {
					facts = append(facts, ParamFact{Param: i, Shape: shape, When: c.String(), Via: via, Outcomes: portable(w)})
				}
			}
			for _, f := range e.know.flagsBehind(p.Type()) {
				told := as
				told.flags = []Flag{f}
				if w := e.summarise(fn, i, shape, via, told, nil); !mixed(w) {
					facts = append(facts, ParamFact{Param: i, Shape: shape, When: f.String(), Via: via, Outcomes: portable(w)})
				}
			}
		}
		facts = append(facts, ParamFact{Param: i, Shape: shape, Via: via, Outcomes: portable(out)})
	}
	t := p.Type()
	switch {
	case ssaflow.IsFunc(t):
		add(string(heap.Func), "", concrete{})
		return facts
	case e.know.releaseOf(t) != nil:
		add("", strings.Join(e.know.releaseOf(t), ","), concrete{})
	case types.IsInterface(t) || ssaflow.IsTypeParam(t):
		add("", "", concrete{})
		for _, m := range releaseNames(t) {
			add("", m, concrete{})
		}
	}
	if elem := elemOf(t); elem != nil {
		if r := e.know.releaseOf(elem); r != nil {
			add(heap.Here().Deref(heap.Elem).String(), strings.Join(r, ","), concrete{})
		} else if types.IsInterface(elem) {
			for _, m := range releaseNames(elem) {
				add(heap.Here().Deref(heap.Elem).String(), m, concrete{})
			}
		}
	}
	if n := ssaflow.Named(t); n != nil {
		for _, h := range held[n.Obj()] {
			shape, as := h.shape, h.as
			if _, ptr := t.Underlying().(*types.Pointer); !ptr {
				shape = string(heap.Shape(shape).Value())
				as = concrete{}
			}
			add(shape, h.via, as)
		}
	}
	return facts
}

// mixed reports whether a call can leave a resource both released and not.
func mixed(out []Outcome) bool {
	released, kept := false, false
	for _, o := range out {
		released = released || o.Effect == Released
		kept = kept || o.Effect == Kept
	}
	return released && kept
}

// boolArgs lists what a call can pass for a function's boolean parameters.
func boolArgs(fn *ssa.Function) []constArg {
	var list []constArg
	for i, p := range fn.Params {
		if ssaflow.IsBool(p.Type()) {
			list = append(list, constArg{i, "true"}, constArg{i, "false"})
		}
	}
	return list
}

// portable is a copy of outcomes without what is known in this package only.
func portable(out []Outcome) []Outcome {
	list := make([]Outcome, len(out))
	for n, o := range out {
		list[n] = o
		list[n].Into = append([]Place(nil), o.Into...)
		for m := range list[n].Into {
			p := &list[n].Into[m]
			p.dyn, p.hops, p.closers = nil, nil, nil
		}
	}
	return list
}

func elemOf(t types.Type) types.Type {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return u.Elem()
	case *types.Array:
		return u.Elem()
	case *types.Map:
		return u.Elem()
	}
	return nil
}

// bareTypeParam reports whether a type is a type parameter whose values have no
// methods.
func bareTypeParam(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.TypeParam)
	return ok && p.Constraint().Underlying().(*types.Interface).NumMethods() == 0
}

// closerNames returns the methods of an interface, or of a type parameter's
// constraint, that could release what is behind it.
func closerNames(t types.Type) []string {
	if iface, ok := t.Underlying().(*types.Interface); !ok || iface.NumMethods() == 0 {
		return nil
	}
	return releaseNames(t)
}

// releaseNames returns the methods of an interface that could release what is
// behind it: those that take nothing, or a context, and return nothing or an
// error. An empty interface may be asked for a Close.
func releaseNames(t types.Type) []string {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	if iface.NumMethods() == 0 {
		return []string{"Close"}
	}
	var names []string
	for i := 0; i < iface.NumMethods(); i++ {
		m := iface.Method(i)
		sig := m.Type().(*types.Signature)
		if sig.Params().Len() > 1 || sig.Results().Len() > 1 {
			continue
		}
		if sig.Params().Len() == 1 && sig.Params().At(0).Type().String() != "context.Context" {
			continue
		}
		if sig.Results().Len() == 1 && !ssaflow.IsError(sig.Results().At(0).Type()) {
			continue
		}
		if m.Exported() && (closerRank(m.Name()) < 9 || strings.HasPrefix(m.Name(), "Close")) {
			names = append(names, m.Name())
		}
	}
	return names
}

// exportable turns an opened resource into a form that other packages can use.
// Behind an interface they cannot see the object that holds it: for them the
// interface value is the resource.
func exportable(fn *ssa.Function, o Open) (Open, bool) {
	t := placeType(fn, o.At)
	if t == nil {
		return o, false
	}
	if shape := heap.Shape(o.At.Shape); shape != heap.Itself && o.At.closers == nil && len(o.Also) == 0 && !shape.Elems() && !visiblePath(t, o.At.Shape) {
		return o, false // this package has it by fields that others do not see
	}
	if !o.At.Param && types.IsInterface(t) && o.At.Shape != "" {
		iface := t.Underlying().(*types.Interface)
		var names []string
		for _, c := range o.At.closers {
			for i := 0; i < iface.NumMethods(); i++ {
				if iface.Method(i).Name() == c {
					names = append(names, c)
				}
			}
		}
		if len(names) == 0 {
			return o, false
		}
		o.At.Shape, o.Release = "", names
	}
	o.At.dyn, o.At.hops, o.At.closers = nil, nil, nil
	o.Also = append([]Place(nil), o.Also...)
	for i := range o.Also {
		o.Also[i].dyn, o.Also[i].hops = nil, nil
	}
	return o, true
}

// below returns the types on a way without that of where it begins.
func below(hops []hop) (list []hop) {
	for _, h := range hops {
		if h.shape != "" {
			list = append(list, h)
		}
	}
	return list
}
