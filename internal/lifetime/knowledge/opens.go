package knowledge

import (
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers what opens a resource by a row, a literal or a type.

// Literal returns the resource that a composite literal is.
func (kn *Base) Literal(a *ssa.Alloc) (facts.Open, bool) {
	if !ssaflow.IsComposite(a) {
		return facts.Open{}, false
	}
	n := ssaflow.Named(a.Type())
	if n == nil {
		return facts.Open{}, false
	}
	lit := kn.Table.Literal(n.Obj())
	if lit == nil || lit.Opens == nil || len(lit.Opens.Release) == 0 || lit.Opens.Kind == redisapi.Server {
		return facts.Open{}, false
	}
	return facts.Open{Err: -1, Cleanup: -1, Kind: string(lit.Opens.Kind),
		What: n.Obj().Pkg().Name() + "." + n.Obj().Name(), Release: lit.Opens.Release}, true
}

// Factory returns what a call of a field hands to its caller in which a library
// keeps a func that opens: the pool that would release it never sees it.
func (kn *Base) Factory(c *ssa.CallCommon) []facts.Open {
	load, ok := c.Value.(*ssa.UnOp)
	if !ok {
		return nil
	}
	f, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil
	}
	n := ssaflow.Named(f.X.Type())
	if n == nil {
		return nil
	}
	name := ssaflow.Field(f.X.Type(), f.Field).Name()
	if lit := kn.Table.Literal(n.Obj()); lit == nil || !slices.Contains(lit.Factories, name) {
		return nil
	}
	res := c.Signature().Results()
	if res.Len() == 0 {
		return nil
	}
	t := ssaflow.Named(res.At(0).Type())
	if t == nil || kn.Table.Type(t.Obj()) == nil {
		return nil
	}
	k := kn.Table.Type(t.Obj())
	if len(k.Release) == 0 {
		return nil
	}
	err := ssaflow.ErrorResult(res)
	return []facts.Open{{Err: err, Nil: err >= 0, Cleanup: -1, Kind: string(k.Kind), What: n.Obj().Name() + "." + name, Release: k.Release}}
}

// OnlyImplementation returns the method that a call of a method of one of this
// package's interfaces runs, if the package makes it of one type only.
func (kn *Base) OnlyImplementation(c *ssa.CallCommon) *ssa.Function {
	concrete := kn.prog.OnlyBoxed(c.Value.Type())
	if concrete == nil {
		return nil
	}
	f := kn.Method(concrete, c.Method)
	if f == nil || !kn.HasBody(f) || f.Synthetic != "" {
		return nil
	}
	return f
}

// ModelOf returns the library's method that a method of somebody's interface
// stands for: it has that name and signature, and opens a resource of the same
// package. Who lists the methods of a client that he needs means the client.
func (kn *Base) ModelOf(m *types.Func) *types.Func {
	return kn.models.Of(m, func() *types.Func {
		for res := range m.Signature().Results().Variables() {
			n := ssaflow.Named(res.Type())
			if n == nil || n.Obj().Pkg() == nil || kn.ReleaseOf(n) == nil {
				continue
			}
			scope := n.Obj().Pkg().Scope()
			for _, name := range scope.Names() {
				t, ok := scope.Lookup(name).(*types.TypeName)
				if !ok || !t.Exported() || t.IsAlias() {
					continue
				}
				obj, _, _ := types.LookupFieldOrMethod(t.Type(), true, m.Pkg(), m.Name())
				model, ok := obj.(*types.Func)
				if !ok || !types.Identical(model.Type(), m.Type()) {
					continue
				}
				if row := kn.Table.Func(model); row != nil && len(row.Opens) > 0 {
					return model
				}
			}
		}
		return nil
	})
}

// RowOpens returns the resources that a call of a function with a row opens.
func RowOpens(row *redisapi.Func, obj *types.Func) []facts.Open {
	var list []facts.Open
	for _, o := range row.Opens {
		if o.Kind == redisapi.Server || len(o.Release) == 0 && o.Cleanup < 0 {
			continue
		}
		list = append(list, facts.Open{
			At: facts.Place{Index: o.Result}, Err: o.Err, Cleanup: o.Cleanup,
			Kind: string(o.Kind), What: ssaflow.CallName(obj), Release: o.Release, Nil: o.Err >= 0 && !o.Inert,
		})
	}
	return list
}

// OpensByType reports whether a func can return a resource.
func (kn *Base) OpensByType(sig *types.Signature) bool {
	for r := range sig.Results().Variables() {
		if !ssaflow.IsError(r.Type()) && kn.CanHold(r.Type()) {
			return true
		}
	}
	return false
}

// ViasOf returns the methods by which a function can release a value of a type,
// those of each kind of resource that it can be joined by commas.
func (kn *Base) ViasOf(t types.Type) []string {
	switch {
	case kn.ReleaseOf(t) != nil:
		return []string{strings.Join(kn.ReleaseOf(t), ",")}
	case ssaflow.IsBareTypeParam(t):
		return []string{""}
	case types.IsInterface(t) || ssaflow.IsTypeParam(t):
		return slices.Clone(CloserNames(t))
	}
	return nil
}

// ReturnsParam reports whether a result can be what the caller passed in, so
// that what it owns depends on the call.
func ReturnsParam(fn *ssa.Function, index int) bool {
	seen := map[ssa.Value]bool{}
	var passed func(v ssa.Value) bool
	passed = func(v ssa.Value) bool {
		if seen[v] {
			return false
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.Parameter, *ssa.FreeVar:
			return true
		case *ssa.Phi:
			return slices.ContainsFunc(v.Edges, passed)
		case *ssa.MakeInterface:
			return passed(v.X)
		case *ssa.ChangeInterface:
			return passed(v.X)
		case *ssa.ChangeType:
			return passed(v.X)
		case *ssa.TypeAssert:
			return passed(v.X)
		case *ssa.Extract:
			ta, ok := v.Tuple.(*ssa.TypeAssert)
			return ok && passed(ta.X)
		case *ssa.UnOp:
			a, ok := v.X.(*ssa.Alloc)
			if !ok {
				return false
			}
			for _, ref := range *a.Referrers() {
				if st, ok := ref.(*ssa.Store); ok && st.Addr == a && passed(st.Val) {
					return true
				}
			}
		}
		return false
	}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && index < len(ret.Results) && passed(ret.Results[index]) {
			return true
		}
	}
	return false
}

// PassesOn is mayLend without looking into further calls, parameters
// counting as the caller's own.
func PassesOn(fn *ssa.Function, index int) bool {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || index >= len(ret.Results) {
			continue
		}
		v := ret.Results[index]
		for {
			if m, ok := v.(*ssa.MakeInterface); ok {
				v = m.X
				continue
			}
			break
		}
		switch v.(type) {
		case *ssa.Const, *ssa.Alloc, *ssa.Parameter, *ssa.MakeClosure, *ssa.Function:
		default:
			return true
		}
	}
	return false
}
