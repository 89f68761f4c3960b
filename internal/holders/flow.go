package holders

import (
	"go/token"
	"go/types"

	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A finder follows values backwards to where the resources in them come from.
// It asks whether a value can lead to a resource on any path and at any time:
// order and conditions do not matter to it, unlike to the search.
type finder struct {
	prog  *program.Program
	lives lives
	types *holdTypes

	// A function of another package that nothing is known of is taken to keep
	// its arguments in its result and its receiver: middleware, routers,
	// adapters. Otherwise it is taken to keep nothing.
	liberal bool

	steps   int
	depth   int
	results map[resultKey]*origins       // what functions return
	globals map[*ssa.Global]*origins     // what variables hold
	params  map[*ssa.Parameter]*origins  // what callers give
	puts    map[*ssa.Parameter]*origins  // what functions put behind a parameter
	fields  map[fieldKey]*origins        // what is put into fields of any value of a type
	later   map[*types.TypeName]*origins // what methods put into their receiver
	index   *index
}

// Bounds on the steps of a finder, and on how far it follows a chain of values.
// Beyond them nothing more is found.
const (
	maxSteps = 1_000_000
	maxDepth = 10_000
)

type resultKey struct {
	fn     *ssa.Function
	result int // or anyResult
}

const anyResult = -1

type fieldKey struct {
	typ   *types.TypeName
	field int
}

// origins are what a value can lead to.
type origins struct {
	roots  []ssa.Value // resources: calls that open one, values whose type says so
	params []origin    // parameters of functions that are still to be called
}

// An origin is what a parameter is given, or what it returns when it is a func
// and is called.
type origin struct {
	param  *ssa.Parameter
	called bool
}

func (o *origins) addRoot(v ssa.Value) {
	for _, have := range o.roots {
		if have == v {
			return
		}
	}
	o.roots = append(o.roots, v)
}

func (o *origins) addParam(p origin) {
	for _, have := range o.params {
		if have == p {
			return
		}
	}
	o.params = append(o.params, p)
}

func (o *origins) add(other *origins) {
	for _, v := range other.roots {
		o.addRoot(v)
	}
	for _, p := range other.params {
		o.addParam(p)
	}
}

func (o *origins) empty() bool { return len(o.roots)+len(o.params) == 0 }

func newFinder(prog *program.Program, lives lives, liberal bool) *finder {
	return &finder{
		prog: prog, lives: lives, liberal: liberal,
		types:   &holdTypes{table: prog.Table, own: prog.Pkg.Pkg, known: map[types.Type]heldType{}},
		results: map[resultKey]*origins{}, globals: map[*ssa.Global]*origins{},
		params: map[*ssa.Parameter]*origins{}, puts: map[*ssa.Parameter]*origins{},
		fields: map[fieldKey]*origins{}, later: map[*types.TypeName]*origins{},
	}
}

// kindOf is the kind of resource that a root is.
func (t *finder) kindOf(root ssa.Value) redisapi.Kind {
	typ := root.Type()
	if tup, ok := typ.(*types.Tuple); ok && tup.Len() > 0 {
		typ = tup.At(0).Type()
	}
	if call, ok := root.(*ssa.Call); ok {
		for _, o := range t.lives.Opened(call) {
			return redisapi.Kind(o.Kind)
		}
	}
	if k := t.types.of(typ).kind; k != "" {
		return k
	}
	return redisapi.Client
}

// A walk goes through each value once.
type walk struct {
	*finder
	out  *origins
	seen map[visit]bool
}

type visit struct {
	v    ssa.Value
	what byte
}

func (t *finder) start() *walk {
	return &walk{finder: t, out: &origins{}, seen: map[visit]bool{}}
}

// enter reports whether a value is still to be walked.
func (t *walk) enter(v ssa.Value, what byte) bool {
	k := visit{v, what}
	if t.seen[k] || t.steps > maxSteps || t.depth > maxDepth {
		return false
	}
	t.steps++
	t.seen[k] = true
	return true
}

// held returns what a package-level variable leads to.
func (t *finder) held(g *ssa.Global) *origins {
	if o := t.globals[g]; o != nil {
		return o
	}
	t.globals[g] = &origins{}
	w := t.start()
	w.into(g)
	w.methods(g.Type())
	o := t.callers(w.out)
	t.globals[g] = o
	return o
}

// resolved returns what a value leads to, parameters by what callers in the
// package give.
func (t *finder) resolved(v ssa.Value) *origins {
	w := t.start()
	w.value(v)
	return t.callers(w.out)
}

// callers replaces parameters by what the callers in the package give for
// them. Of a parameter without such a caller its type has the word.
func (t *finder) callers(o *origins) *origins {
	out := &origins{}
	for _, v := range o.roots {
		out.addRoot(v)
	}
	for _, p := range o.params {
		if p.called {
			continue // what an unknown func returns
		}
		out.add(t.given(p.param))
	}
	return out
}

// given returns what a parameter can be given.
func (t *finder) given(p *ssa.Parameter) *origins {
	if o := t.params[p]; o != nil {
		return o
	}
	t.params[p] = &origins{}
	fn := p.Parent()
	w := t.start()
	called := false
	for _, call := range t.calls().of[fn] {
		if i := paramIndex(p); i < len(call.Common().Args) {
			called = true
			w.value(call.Common().Args[i])
		}
	}
	o := t.callers(w.out)
	if len(o.roots) == 0 && (t.types.of(p.Type()).kind != "" || !called && t.isCommands(p.Type())) {
		o.addRoot(p)
	}
	t.params[p] = o
	return o
}

// isCommands reports whether a type is a library's interface of commands: who
// gives a value of it gives a client.
func (t *finder) isCommands(typ types.Type) bool {
	n, ok := types.Unalias(typ).(*types.Named)
	return ok && types.IsInterface(n) && t.prog.Table.Type(n.Obj()) != nil
}

func paramIndex(p *ssa.Parameter) int {
	for i, q := range p.Parent().Params {
		if p == q {
			return i
		}
	}
	return len(p.Parent().Params)
}

// returned returns what a result of a function of the package leads to.
func (t *finder) returned(fn *ssa.Function, result int) *origins {
	if fn.Origin() != nil {
		fn = fn.Origin()
	}
	key := resultKey{fn, result}
	if o := t.results[key]; o != nil {
		return o
	}
	t.results[key] = &origins{}
	w := t.start()
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			for i, v := range ret.Results {
				if i == result || result == anyResult {
					w.value(v)
				}
			}
		}
	}
	t.results[key] = w.out
	return w.out
}

// value adds what a value leads to.
func (t *walk) value(v ssa.Value) {
	held := t.types.of(v.Type())
	if held.kind == "" && !held.hides || !t.enter(v, 'v') {
		return
	}
	if tup, ok := v.Type().(*types.Tuple); ok && tup.Len() == 0 {
		return
	}
	before := len(t.out.roots) + len(t.out.params)
	t.depth++
	t.origin(v)
	t.depth--
	_, isConst := v.(*ssa.Const)
	if held.kind != "" && !isConst && len(t.out.roots)+len(t.out.params) == before && !t.wasSeen(v) {
		t.out.addRoot(v) // its type says so
	}
}

// wasSeen reports whether a value only passes on others that were met before,
// so that it adds nothing to them.
func (t *walk) wasSeen(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Call, *ssa.Alloc, *ssa.Parameter:
		return false
	}
	return !t.out.empty()
}

func (t *walk) origin(v ssa.Value) {
	if inner, ok := ssaflow.Through(v); ok {
		t.value(inner)
		return
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		t.out.addParam(origin{param: v})
	case *ssa.FreeVar:
		if b := ssaflow.Binding(v); b != nil {
			t.value(b)
		}
		t.into(v)
	case *ssa.Global:
		if v.Pkg == t.prog.Pkg {
			t.out.add(t.held(v))
		}
	case *ssa.Alloc:
		if len(t.lives.Opened(v)) > 0 {
			t.out.addRoot(v)
			return
		}
		t.into(v)
		t.methods(v.Type())
	case *ssa.MakeMap, *ssa.MakeChan, *ssa.MakeSlice:
		t.into(v)
	case *ssa.Convert:
		t.value(v.X)
	case *ssa.MultiConvert:
		t.value(v.X)
	case *ssa.TypeAssert:
		t.value(v.X)
	case *ssa.Slice:
		t.value(v.X)
	case *ssa.SliceToArrayPointer:
		t.value(v.X)
	case *ssa.UnOp:
		switch v.Op {
		case token.MUL:
			t.load(v.X)
		case token.ARROW:
			t.value(v.X)
		}
		t.into(v)
	case *ssa.FieldAddr:
		t.load(v)
	case *ssa.IndexAddr:
		t.into(v)
		t.value(v.X)
	case *ssa.Field:
		t.value(v.X)
	case *ssa.Index:
		t.value(v.X)
	case *ssa.Lookup:
		t.value(v.X)
	case *ssa.Next:
		t.value(v.Iter)
	case *ssa.Range:
		t.value(v.X)
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			t.result(call, v.Index)
			t.into(v)
			return
		}
		t.value(v.Tuple)
	case *ssa.Phi:
		for _, e := range v.Edges {
			t.value(e)
		}
	case *ssa.MakeClosure:
		for _, b := range v.Bindings {
			t.value(b)
		}
	case *ssa.Call:
		t.result(v, 0)
		t.into(v)
	}
}

// load adds what can be found at an address.
func (t *walk) load(addr ssa.Value) {
	f, ok := addr.(*ssa.FieldAddr)
	if !ok {
		t.value(addr)
		return
	}
	t.into(f)
	switch x := f.X.(type) {
	case *ssa.Alloc, *ssa.Global:
		t.fieldOf(x, f.Field)
		return
	}
	n := ssaflow.Named(f.X.Type())
	switch {
	case n == nil:
	case n.Obj().Pkg() != t.prog.Pkg.Pkg && t.prog.Table.Covers(n.Obj().Pkg().Path()):
		t.value(f.X) // a part of a client, selected to call a method of it
	default:
		t.out.add(t.stored(n, f.Field))
	}
}

// fieldOf adds what is put into one field of an object.
func (t *walk) fieldOf(object ssa.Value, field int) {
	for _, instr := range t.uses(object) {
		switch instr := instr.(type) {
		case *ssa.FieldAddr:
			if instr.X == object && instr.Field == field {
				t.into(instr)
			}
		case *ssa.Store:
			if instr.Addr == object {
				t.value(instr.Val)
			}
		}
	}
	if _, ok := object.(*ssa.Alloc); ok {
		if n := ssaflow.Named(object.Type()); n != nil {
			t.out.add(t.stored(n, field))
		}
	}
}

// stored returns what the package puts into a field of any value of a type.
func (t *finder) stored(n *types.Named, field int) *origins {
	key := fieldKey{n.Origin().Obj(), field}
	if o := t.fields[key]; o != nil {
		return o
	}
	t.fields[key] = &origins{}
	w := t.start()
	for _, f := range t.calls().fields[key] {
		w.into(f)
	}
	o := t.callers(w.out)
	t.fields[key] = o
	return o
}

// methods adds what the methods of a type, and of the structs within it, put
// into their receiver later.
func (t *walk) methods(typ types.Type) {
	if n := ssaflow.Named(typ); n != nil && n.Obj().Pkg() == t.prog.Pkg.Pkg {
		t.out.add(t.putLater(n))
	}
}

// putLater returns what methods put into the fields of a receiver.
func (t *finder) putLater(n *types.Named) *origins {
	st, ok := n.Underlying().(*types.Struct)
	if !ok {
		return &origins{}
	}
	obj := n.Origin().Obj()
	if o := t.later[obj]; o != nil {
		return o
	}
	t.later[obj] = &origins{}
	w := t.start()
	for i := range st.NumFields() {
		for _, f := range t.calls().fields[fieldKey{obj, i}] {
			if ofReceiver(f) {
				w.into(f)
			}
		}
		if _, ok := st.Field(i).Type().Underlying().(*types.Struct); ok {
			w.methods(st.Field(i).Type())
		}
	}
	o := t.callers(w.out)
	t.later[obj] = o
	return o
}

// ofReceiver reports whether a field is selected from the receiver of a
// method, in it or in a literal of it.
func ofReceiver(f *ssa.FieldAddr) bool {
	x := f.X
	if load, ok := x.(*ssa.UnOp); ok {
		x = load.X
		if fv, ok := x.(*ssa.FreeVar); ok {
			if b := ssaflow.Binding(fv); b != nil {
				x = b
			}
		}
		if cell, ok := x.(*ssa.Alloc); ok {
			for _, ref := range *cell.Referrers() {
				if st, ok := ref.(*ssa.Store); ok && st.Addr == cell {
					x = st.Val
				}
			}
		}
	}
	p, ok := x.(*ssa.Parameter)
	return ok && p.Parent().Signature.Recv() != nil && p == p.Parent().Params[0]
}

// into adds what is put behind a reference: stored at the address, sent to the
// channel, entered in the map, by this function or by those it is passed to.
func (t *walk) into(ref ssa.Value) {
	if held := t.types.of(ref.Type()); held.kind == "" && !held.hides || !t.enter(ref, 'i') {
		return
	}
	t.depth++
	defer func() { t.depth-- }()
	for _, instr := range t.uses(ref) {
		switch instr := instr.(type) {
		case *ssa.Store:
			switch {
			case instr.Addr == ref && isNewOfPool(ref):
				t.called(instr.Val)
			case instr.Addr == ref:
				t.value(instr.Val)
			default:
				if cell, ok := instr.Addr.(*ssa.Alloc); ok {
					t.loads(cell)
				}
			}
		case *ssa.FieldAddr:
			t.into(instr)
		case *ssa.IndexAddr:
			if instr.X == ref {
				t.into(instr)
			}
		case *ssa.UnOp:
			if instr.Op == token.MUL {
				t.into(instr)
			}
		case *ssa.Lookup:
			if instr.X == ref {
				t.into(instr)
			}
		case *ssa.MapUpdate:
			if instr.Map == ref {
				t.value(instr.Key)
				t.value(instr.Value)
			}
		case *ssa.Send:
			if instr.Chan == ref {
				t.value(instr.X)
			}
		case *ssa.Slice, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.MakeInterface, *ssa.TypeAssert, *ssa.Phi:
			t.into(instr.(ssa.Value))
		case *ssa.MakeClosure:
			fn := instr.Fn.(*ssa.Function)
			for i, b := range instr.Bindings {
				if b == ref && i < len(fn.FreeVars) {
					t.into(fn.FreeVars[i])
				}
			}
		case ssa.CallInstruction:
			t.passedTo(instr, ref)
		}
	}
}

// loads follows a reference out of a local variable.
func (t *walk) loads(cell ssa.Value) {
	if !t.enter(cell, 'l') {
		return
	}
	for _, instr := range t.uses(cell) {
		switch instr := instr.(type) {
		case *ssa.UnOp:
			t.into(instr)
		case *ssa.MakeClosure:
			fn := instr.Fn.(*ssa.Function)
			for i, b := range instr.Bindings {
				if b == cell && i < len(fn.FreeVars) {
					t.loads(fn.FreeVars[i])
				}
			}
		}
	}
}

// isNewOfPool reports whether an address is that of the field New of a
// sync.Pool: the pool keeps what New returns.
func isNewOfPool(addr ssa.Value) bool {
	f, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	n := ssaflow.Named(f.X.Type())
	return n != nil && ssaflow.IsNamed(n, "sync", "Pool") && n.Underlying().(*types.Struct).Field(f.Field).Name() == "New"
}
