package lifetime

import (
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// neglect reports whether the type that a site's resource is handed to
// forgets it: no code of its package ever releases what is in the field, nor
// passes it to anything that might; or the method that releases its other
// fields on every path forgets this one on some.
func (e *owners) neglect(fn *ssa.Function, o facts.Open, v *verdict) *Neglect {
	for _, places := range v.handed {
		var n *Neglect
		shared := slices.ContainsFunc(places, func(p facts.Place) bool { return p.Param })
		for _, p := range places {
			if shared && !p.Param && !p.Func && e.lendsTo(fn, p, o) {
				continue // the caller gets what the parameter keeps
			}
			x, dead := e.neglectedAt(fn, p, o)
			if !dead {
				n = nil
				break
			}
			if n == nil || n.Owner == "" {
				n = x
			}
		}
		if n != nil && n.Owner != "" {
			return n
		}
	}
	return nil
}

// lendsTo reports whether those who get what a parameter keeps as well only use
// it. Those that are not seen can be taken to.
func (e *owners) lendsTo(fn *ssa.Function, p facts.Place, o facts.Open) bool {
	if _, seen := e.prog.Callers(fn); !seen {
		return fn.Signature.Recv() != nil
	}
	return e.leftByCallers(fn, p, o).open
}

// neglectedAt reports whether the resource can never, or not always, be
// released from a place, on whatever way.
func (e *owners) neglectedAt(fn *ssa.Function, p facts.Place, o facts.Open) (n *Neglect, dead bool) {
	t := knowledge.PlaceType(fn, p)
	sealed := false // behind an interface nobody sees a field
	if dyn := p.Dynamic(); dyn != nil {
		sealed = t != nil && types.IsInterface(t)
		t = dyn
	}
	if t == nil || p.Func {
		return nil, false
	}
	for _, way := range heap.Shape(p.Shape).Ways() {
		x, dead := e.neglectedOn(t, way, p.On(way), o, sealed)
		if !dead {
			return x, false
		}
		if n == nil || n.Owner == "" || x.Partly {
			n = x
		}
	}
	return n, true
}

// neglectedOn is neglectedAt for one way from a type, which is sealed if it is
// handed out as an interface.
func (e *owners) neglectedOn(t types.Type, way heap.Way, p facts.Place, o facts.Open, sealed bool) (n *Neglect, dead bool) {
	if way.Func {
		return nil, false
	}
	sealed = sealed && len(e.closers(t, p.Shape, p.OnWay(), o.Release)) == 0
	owner, field, at, rest := e.ownerField(t, way, sealed)
	if owner == nil {
		// Some other type: it keeps the resource alive, and cannot release it.
		foreign := p.Shape != "" && len(e.closers(t, p.Shape, p.OnWay(), o.Release)) == 0 && !knowledge.VisiblePath(t, p.Shape)
		if m := ssaflow.Named(t); m == nil || m.Obj().Pkg() == e.pass.Pkg {
			foreign = false
		}
		return &Neglect{}, foreign
	}
	n = &Neglect{Owner: owner.Obj().Name(), Field: field.Name()}
	left := e.abandoned(owner, field, o, p.Within(rest.String()))
	if left.short != nil {
		n.Owner, n.Partly = ssaflow.Named(left.short.Signature().Recv().Type()).Obj().Name(), true
		n.Method, n.Pos = left.short.Name(), left.short.Pos()
		return n, true
	}
	m := e.forgetter(owner, field, at.String(), o.Release, left.open)
	if m == nil && left.lent {
		m = knowledge.Ending(owner)
	}
	if m != nil {
		n.Method, n.Pos = m.Name(), m.Pos()
	}
	if left.open {
		return n, true
	}
	n.Partly = true
	return n, m != nil && rest.Direct()
}

// ownerField returns the type of this package that holds a resource in a field
// that others do not see, as a way says, the field, the way from a pointer to the
// type, and the way from the field on. Of structs within structs it is the
// innermost; behind an exported field it is what that points to. Others see
// exported fields, unless the type is sealed: handed out as an interface.
func (e *owners) ownerField(t types.Type, way heap.Way, sealed bool) (owner *types.Named, field *types.Var, at, rest heap.Way) {
	if way.BehindPointer() {
		way = way.Tail()
	}
	n := ssaflow.Named(t)
	index, path, ok := way.Paths[0].First()
	if n == nil || n.Obj().Pkg() != e.pass.Pkg || !ok || index < 0 {
		return nil, nil, at, rest
	}
	st, ok := n.Underlying().(*types.Struct)
	if !ok || index >= st.NumFields() {
		return nil, nil, at, rest
	}
	rest = way.Within()
	rest.Paths[0] = path
	if !sealed && (st.Field(index).Exported() || st.Field(index).Embedded()) {
		if !rest.BehindPointer() {
			return nil, nil, at, heap.Way{}
		}
		return e.ownerField(st.Field(index).Type(), rest, false) // who gets at that gets no further
	}
	_, nested := st.Field(index).Type().Underlying().(*types.Struct) // not one in an interface
	if inner, _, _ := path.First(); path != "" && inner >= 0 && nested {
		return e.ownerField(st.Field(index).Type(), rest, sealed)
	}
	return n, st.Field(index), heap.Way{Paths: append([]heap.Path{""}, way.Paths...), Func: way.Func}, rest
}

// A left is what becomes of a resource in a field, or where it is read.
type left struct {
	open  bool        // nothing releases it, nor gets it who might
	lent  bool        // the methods of an owner give it out, to be used
	short *types.Func // the method that releases it, unless it stops before it comes to it
}

// and is what becomes of it where it is read in two places.
func (l left) and(m left) left {
	if !l.open || !m.open {
		return left{}
	}
	l.lent = l.lent || m.lent
	if l.short == nil {
		l.short = m.short
	}
	return l
}

// abandoned reports whether nothing in the package can release what a field
// holds: no read of the field leads to a release, or to anybody unknown.
func (e *owners) abandoned(owner *types.Named, field *types.Var, o facts.Open, at facts.Place) left {
	key := owner.Obj().Name() + "." + field.Name() + "/" + at.Shape + "/" + strings.Join(o.Release, ",")
	if r, ok := e.unreleased[key]; ok {
		return r
	}
	if e.unreleasing[key] {
		return left{open: true} // back where it was: its other uses decide
	}
	e.unreleasing[key] = true
	r := left{open: true}
	for _, fn := range e.funcs {
		if r = r.and(e.leftBy(fn, owner, field, o, at)); !r.open {
			break
		}
	}
	delete(e.unreleasing, key)
	if len(e.unreleasing) == 0 || !r.open {
		e.unreleased[key] = r
	}
	return r
}

// leftBy is abandoned as far as one function goes.
func (e *owners) leftBy(fn *ssa.Function, owner *types.Named, field *types.Var, o facts.Open, at facts.Place) left {
	r := left{open: true}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.FieldAddr:
				if ssaflow.DeclaredField(instr.X.Type(), instr.Field) != field.Origin() {
					continue
				}
				for _, ref := range *instr.Referrers() {
					switch ref := ref.(type) {
					case *ssa.Store:
						if ref.Addr != instr {
							return left{} // its address is kept
						}
					case *ssa.UnOp:
						if !knowledge.OnlyFilled(ref) && !ofFailed(fn, instr.X, ref) {
							r = r.and(e.leftAt(fn, ref, at, o))
						}
					case *ssa.Call:
						if !e.onlyUsedFrom(fn, ref, instr, at, o) {
							return left{}
						}
					case *ssa.DebugRef:
					default:
						return left{}
					}
				}
			case *ssa.Field:
				if ssaflow.DeclaredField(instr.X.Type(), instr.Field) == field.Origin() {
					r = r.and(e.leftAt(fn, instr, at, o))
				}
			case *ssa.ChangeType:
				// Copies of the struct are looked at like itself; those of
				// another type have other fields.
				if types.Identical(ssaflow.Deref(instr.X.Type()), owner) {
					return left{}
				}
			}
			if !r.open {
				return left{}
			}
		}
	}
	return r
}

// onlyUsedFrom reports whether a call of a method of a field that is a container
// of the standard library, such as a sync.Map, takes out nothing or what is only
// used.
func (e *owners) onlyUsedFrom(fn *ssa.Function, call *ssa.Call, field *ssa.FieldAddr, at facts.Place, o facts.Open) bool {
	obj := ssaflow.Callee(&call.Call)
	if obj == nil || len(call.Call.Args) == 0 || call.Call.Args[0] != field {
		return false
	}
	row := e.know.Table.Func(obj)
	if row == nil || len(row.Each) > 0 || len(row.Puts)+len(row.Gets) == 0 {
		return false
	}
	way, one := heap.Shape(at.Shape).One()
	first, path, ok := way.Paths[0].First()
	if !one || !ok || first >= 0 {
		return false
	}
	gets := row.Gets
	for _, p := range row.Puts {
		if p.Unless > 0 {
			gets = append(slices.Clone(gets), p.Unless-1)
		}
	}
	way.Paths[0] = path
	for _, i := range gets {
		if !e.onlyUsed(fn, call, facts.Place{Index: i, Shape: way.String()}, o) {
			return false
		}
	}
	return true
}

// onlyUsed reports whether what an instruction reads is used where it is, and
// neither released nor passed on.
func (e *owners) onlyUsed(fn *ssa.Function, read ssa.Instruction, at facts.Place, o facts.Open) bool {
	return e.leftAt(fn, read, at, o) == left{open: true}
}

// leftAt returns what becomes of what an instruction reads.
func (e *owners) leftAt(fn *ssa.Function, read ssa.Instruction, at facts.Place, o facts.Open) left {
	if !at.Param && !at.Func && len(at.OnWay()) == 0 && e.staysIn(ssaflow.Results(read, at.Index), at.Shape, at.Dynamic(), o.Release) {
		return left{open: true} // whatever path is taken
	}
	s := &site{instr: read, fn: fn, dyn: at.Dynamic(), open: facts.Open{
		At: at, Err: -1, Cleanup: -1, Kind: o.Kind, What: o.What, Release: o.Release,
	}}
	x := e.newSearch(s, fn, true)
	x.rooted = true
	outs := x.run(fn, eval.NewState(e.pool))
	r := left{open: x.opened && !x.gaveUp && len(x.moves) == 0 && e.summaries.wrapped(x.wrapped, o.Release)}
	if r.open && len(x.releases) > 0 {
		r.short = e.stopping(fn, x.releases)
		r.open = r.short != nil
	}
	for _, out := range outs {
		if out.st.Status != eval.Open || !r.open {
			continue
		}
		c := x.exits().classify(fn, out, nil)
		if c.Effect == facts.Moved {
			return left{}
		}
		for _, p := range c.Into {
			if _, dead := e.neglectedAt(fn, p, o); !dead {
				r = r.and(e.leftByCallers(fn, p, o))
			}
		}
	}
	return r
}

// leftByCallers returns what callers make of what a function leaves in a result.
// Who gets it from a method of an owner, and is not seen, uses it, unless one who
// is seen does more: the owner has a method to end it.
func (e *owners) leftByCallers(fn *ssa.Function, p facts.Place, o facts.Open) left {
	if p.Param || p.Func {
		return left{}
	}
	calls, ok := e.prog.Callers(fn)
	if e.asking[fn] || !ok && !knowledge.Lends(e.know, fn) {
		return left{}
	}
	if !ok {
		calls = e.prog.Calls(fn)
	}
	e.asking[fn] = true
	defer delete(e.asking, fn)
	r := left{open: true, lent: !ok}
	for _, call := range calls {
		if r = r.and(e.leftAt(call.Parent(), call, p, o)); !r.open {
			break
		}
	}
	return r
}

// forgetter returns the method that releases the type's other resources on
// every path, and this field not on every one; of a field that is abandoned it is
// known that none does.
func (e *owners) forgetter(owner *types.Named, field *types.Var, shape string, release []string, abandoned bool) *types.Func {
	ms := types.NewMethodSet(types.NewPointer(owner))
	var closer *types.Func
	for i := 0; i < ms.Len(); i++ {
		m, ok := ms.At(i).Obj().(*types.Func)
		if !ok || len(ms.At(i).Index()) != 1 {
			continue
		}
		f := e.pkg.Prog.FuncValue(m)
		if !e.know.HasBody(f) {
			continue
		}
		some, all := false, false
		if !abandoned {
			some, all = e.releasesShape(f, shape, release)
		}
		switch {
		case all:
			return nil
		case e.releasesOther(f, owner, field):
			if closer == nil || knowledge.CloserRank(m.Name()) < knowledge.CloserRank(closer.Name()) {
				closer = m
			}
		case some:
			return nil // another method sees to it
		}
	}
	return closer
}

// releasesShape reports whether a method releases what its receiver holds
// under a shape, on some and on all paths.
func (e *owners) releasesShape(f *ssa.Function, shape string, release []string) (some, all bool) {
	out := e.summaries.summarise(f, 0, recvShape(f, shape), strings.Join(release, ","), facts.Concrete{}, nil)
	all = len(out) > 0
	for _, o := range out {
		switch o.Effect {
		case facts.Released:
			some = true
		case facts.Moved:
			return true, true // not understood: silence
		default:
			all = false
		}
	}
	return some, all
}

func recvShape(f *ssa.Function, shape string) string {
	if len(f.Params) > 0 {
		if _, ptr := f.Params[0].Type().Underlying().(*types.Pointer); !ptr {
			return string(heap.Shape(shape).Value())
		}
	}
	return shape
}

// releasesOther reports whether a method releases another resource field of
// its type on every path.
func (e *owners) releasesOther(f *ssa.Function, owner *types.Named, field *types.Var) bool {
	st := owner.Underlying().(*types.Struct)
	for i := 0; i < st.NumFields(); i++ {
		if other := st.Field(i); other != field {
			if release := e.know.ReleaseOf(other.Type()); release != nil {
				out := e.summaries.summarise(f, 0, recvShape(f, heap.Here().Deref(heap.Field(i)).String()), strings.Join(release, ","), facts.Concrete{}, nil)
				all := len(out) > 0
				for _, o := range out {
					all = all && o.Effect == facts.Released
				}
				if all {
					return true
				}
			}
		}
	}
	return false
}
