package scope

import (
	"go/ast"
	"go/types"
	"slices"
	"sort"

	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// escapes returns the places where a scope's client, or a handle on it, leaves
// the callback it was lent to. Only what is certain counts: it is kept in a
// variable or field that was there before the callback ran, returned by the
// callback, or sent on a channel from outside.
func (o *origins) escapes(src *program.Source) []Escape {
	var list []Escape
	for _, l := range o.lendings() {
		x := &leaving{o: o, callback: l.callback, lends: l.params}
		x.walk(l.callback)
		for _, e := range x.list {
			if e, ok := o.escape(src, e); ok {
				e.Lent = l.name()
				if ssaflow.IsLoopBody(l.callback) && e.By == Itself && e.Client != "" {
					e.Lent = e.Client
				}
				e.Scope, _ = o.scopeOf(l.callback)
				list = append(list, e)
			}
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Pos < list[j].Pos })
	return list
}

// A lending is a callback, and the parameters by which a scope lends it a
// client that it takes back.
type lending struct {
	callback *ssa.Function
	params   map[atom]bool
	first    *ssa.Parameter
}

// name is the client, as the callback names it.
func (l lending) name() string {
	if name := l.first.Name(); name != "_" && name != "" && !ssaflow.IsLoopBody(l.callback) {
		return name
	}
	return "a client" // of the body of a loop, the compiler names the parameters
}

// lendings returns the callbacks of scopes in source order.
func (o *origins) lendings() []lending {
	if o.lends != nil {
		return o.lends
	}
	o.lends = []lending{}
	for _, fn := range o.g.prog.Funcs {
		l := lending{callback: fn, params: map[atom]bool{}}
		for i, p := range fn.Params {
			if n, ok := o.g.ids[boundNode{fn, i}]; ok && n >= 0 {
				if from := o.of(n); from.firm && !from.outside {
					l.params[atom{kind: param, fn: fn, n: i}] = true
					if l.first == nil {
						l.first = p
					}
				}
			}
		}
		if l.first != nil {
			o.lends = append(o.lends, l)
			o.lent[fn] = true
		}
	}
	return o.lends
}

// leaving collects the ways in which a client leaves one callback.
type leaving struct {
	o        *origins
	callback *ssa.Function
	lends    map[atom]bool // the parameters that hold it
	list     []exit
	restored map[any]bool // places that the callback also writes something else to
	helper   bool         // it is no callback, but a function that one may call
}

// An exit is an instruction by which a client leaves.
type exit struct {
	instr  ssa.Instruction
	client ssa.Value
	place  any // a captured variable, a field, a package-level variable
	how    How
}

// walk looks at the callback and the literals in it.
func (x *leaving) walk(fn *ssa.Function) {
	x.restored = map[any]bool{}
	x.visit(fn)
	kept := x.list[:0]
	for _, e := range x.list {
		if !x.restored[e.place] {
			kept = append(kept, e)
		}
	}
	x.list = kept
}

func (x *leaving) visit(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				x.put(instr, instr.Addr, instr.Val, Stored)
			case *ssa.MapUpdate:
				x.put(instr, instr.Map, instr.Value, Stored)
			case *ssa.Send:
				x.put(instr, instr.Chan, instr.X, Sent)
			case *ssa.Go:
				x.spawns(instr, instr.Call.Value, ssaflow.Args(&instr.Call))
			case *ssa.Return:
				if x.helper || fn != x.callback || len(x.o.g.callers[fn]) > 0 {
					continue // to code of the callback, or to a caller that owns the client
				}
				for _, r := range instr.Results {
					if x.carries(r) {
						x.list = append(x.list, exit{instr, r, instr, Returned})
						break
					}
				}
			}
		}
	}
	x.hands(fn)
	for _, a := range x.o.g.acts[fn] {
		args := ssaflow.Args(a.call.Common())
		for _, i := range a.conduct.Keeps {
			x.put(a.call, args[0], args[i], Stored)
		}
		for _, i := range a.conduct.Spawns {
			if v := a.call.Value(); !isGo(a.call) && (v == nil || len(*v.Referrers()) == 0) {
				x.spawns(a.call, args[i], nil)
			}
		}
	}
	for _, anon := range fn.AnonFuncs {
		x.visit(anon)
	}
}

func (x *leaving) put(instr ssa.Instruction, addr, val ssa.Value, how How) {
	place := x.outer(addr)
	switch {
	case place == nil:
	case x.carries(val):
		x.list = append(x.list, exit{instr, val, place, how})
	default:
		x.restored[place] = true
	}
}

// carries reports whether a value is the client, a handle on it, or a func or
// an object that holds one.
func (x *leaving) carries(v ssa.Value) bool {
	switch w := v.(type) {
	case *ssa.ChangeType:
		return x.carries(w.X)
	case *ssa.MakeClosure:
		return slices.ContainsFunc(w.Bindings, x.holds)
	}
	return (x.o.isHandle(v) || x.o.isObject(v)) && x.holds(v)
}

// holds reports whether the client can be at a value.
func (x *leaving) holds(v ssa.Value) bool {
	v = ssaflow.Unboxed(v)
	if !x.o.g.isContained(v.Type()) && !x.o.isObject(v) && !x.o.isHandle(v) {
		return false
	}
	n := x.o.g.node(v)
	if n < 0 {
		return false
	}
	for a := range x.o.g.sets[n] {
		if x.lends[a] {
			return true
		}
		if a.kind == load && x.holds(objectAt(a.at)) && x.o.loadScoped(a.at, map[atom]bool{}) {
			return true
		}
		if call, ok := a.at.(*ssa.Call); ok && a.kind == held {
			if args := ssaflow.Args(call.Common()); len(args) > 0 && x.holds(args[0]) {
				return true
			}
		}
	}
	return false
}

// objectAt is the object whose field an instruction reads.
func objectAt(at ssa.Instruction) ssa.Value {
	if f, ok := at.(*ssa.Field); ok {
		return f.X
	}
	return at.(*ssa.FieldAddr).X
}

// isHandle reports whether a value is a library's, boxed or in a slice or not.
func (o *origins) isHandle(v ssa.Value) bool {
	switch w := v.(type) {
	case *ssa.MakeInterface:
		v = w.X
	case *ssa.ChangeInterface:
		v = w.X
	}
	t := v.Type()
	if s, ok := t.Underlying().(*types.Slice); ok {
		t = s.Elem()
	}
	return o.g.isClient(t)
}

// isObject reports whether a value is a struct of the program's own, or points
// to one, that has a client in a field.
func (o *origins) isObject(v ssa.Value) bool {
	t := ssaflow.Unboxed(v).Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || o.g.ofLibrary(t) {
		return false
	}
	for f := range st.Fields() {
		if o.g.isContained(f.Type()) && !isFunc(f.Type()) {
			return true
		}
	}
	return false
}

// outer returns the place outside of the callback that an address is in: a
// captured variable, a field of the receiver or of what was captured, or a
// package-level variable. It returns nil if the place may end with the callback.
func (x *leaving) outer(addr ssa.Value) any {
	var field *types.Var
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			if field == nil {
				field = ssaflow.Field(a.X.Type(), a.Field)
			}
			addr = a.X
		case *ssa.IndexAddr:
			addr = a.X
		case *ssa.Slice:
			addr = a.X
		case *ssa.UnOp:
			addr = a.X
		case *ssa.FreeVar:
			b := x.binding(a)
			if b == nil {
				if field != nil {
					return field
				}
				return a
			}
			addr = b
		case *ssa.Global:
			if field != nil {
				return field
			}
			return a
		case *ssa.Parameter:
			if field != nil && a.Parent() == x.callback && x.callback.Signature.Recv() != nil && x.callback.Params[0] == a {
				return field
			}
			return nil
		default:
			return nil
		}
	}
}

// binding returns what a captured variable is in the function around the
// literal, or nil if that is outside of the callback.
func (x *leaving) binding(v *ssa.FreeVar) ssa.Value {
	if v.Parent() == x.callback {
		return nil
	}
	return ssaflow.Binding(v)
}

// escape describes an exit by its source.
func (o *origins) escape(src *program.Source, e exit) (Escape, bool) {
	pos := e.instr.Pos()
	if !pos.IsValid() {
		return Escape{}, false
	}
	r := Escape{Pos: pos, End: pos, How: e.how, By: o.holder(e.client)}
	if e.how == Spawned || e.how == Kept {
		if call := src.Call(e.instr.(ssa.CallInstruction).Common().Pos()); call != nil {
			r.Pos, r.End = call.Pos(), call.End()
			r.Into = types.ExprString(call.Fun)
		}
	}
	if e.how == Stored {
		a := src.Assign(pos)
		if a == nil {
			return r, true
		}
		r.Pos, r.End = a.Pos(), a.End()
		if len(a.Lhs) == 1 && len(a.Rhs) == 1 {
			r.Into = types.ExprString(a.Lhs[0])
			switch a.Rhs[0].(type) {
			case *ast.Ident, *ast.SelectorExpr:
				if r.By == Itself {
					r.Client = types.ExprString(a.Rhs[0])
				}
			}
		}
	}
	return r, true
}

// holder says what a value that leaves a scope is.
func (o *origins) holder(v ssa.Value) Holder {
	for {
		c, ok := v.(*ssa.ChangeType)
		if !ok {
			break
		}
		v = c.X
	}
	switch {
	case isFunc(v.Type()):
		return Func
	case !o.isHandle(v) && o.isObject(v):
		return Object
	}
	return Itself
}
