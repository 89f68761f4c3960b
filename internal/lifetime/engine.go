package lifetime

import (
	"go/types"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// An engine knows one package: its SSA form, and what has been found out about
// its functions so far.
type engine struct {
	prog  *program.Program
	pass  *analysis.Pass
	table *redisapi.Table
	pkg   *ssa.Package
	funcs []*ssa.Function // all with a body, literals included, in source order

	pool      *heap.Pool
	conds     *condIndex
	flows     map[*ssa.Function]*ssaflow.Flow
	questions map[*ssa.Function]*questions
	once      map[*ssa.Alloc]bool    // variables that are set once
	effects   map[*ssa.Function]bool // functions without effects: see pure.go
	reach     map[reachKey][]bool
	summaries map[summaryKey]*summary
	endless   map[*ssa.Function]bool // whether it never returns
	opens     map[*ssa.Function][]Open
	opening   map[*ssa.Function]bool // opens is being computed
	facts     map[*types.Func]factOf
	holders   map[types.Type]bool // see relevance.go
	verdicts  map[verdictKey]*verdict
	deserting map[string]bool        // those that are being looked at
	fetched   map[string]bool        // methods called on what was kept under a key: see attach.go
	forsaken  map[string]bool        // fields whose resource nothing can release: see owner.go
	asking    map[*ssa.Function]bool // whose callers are looked at, see owner.go
	steps     int                    // of all searches
	depth     int
	recursed  bool
	silences  map[Reason]int

	lending bool    // func values give back what they are passed: see scope.go
	lent    *memory // what was found out under that assumption
}

type reachKey struct {
	fn    *ssa.Function
	instr ssa.Instruction
}

type factOf struct {
	fact     *FuncFact
	analysed bool
}

// A site is a place where a resource is acquired.
type site struct {
	instr ssa.Instruction
	fn    *ssa.Function
	open  Open
	dyn   types.Type // the concrete type of what a call returns, if certain
}

func newEngine(pass *analysis.Pass, prog *program.Program) *engine {
	return &engine{
		prog: prog, pass: pass, table: prog.Table, pkg: prog.Pkg, funcs: prog.Funcs,
		pool: heap.NewPool(), conds: newCondIndex(pass.TypesInfo),
		flows: map[*ssa.Function]*ssaflow.Flow{}, questions: map[*ssa.Function]*questions{}, once: map[*ssa.Alloc]bool{}, effects: map[*ssa.Function]bool{},
		reach: map[reachKey][]bool{}, summaries: map[summaryKey]*summary{},
		endless: map[*ssa.Function]bool{}, opens: map[*ssa.Function][]Open{}, opening: map[*ssa.Function]bool{},
		verdicts: map[verdictKey]*verdict{}, forsaken: map[string]bool{}, deserting: map[string]bool{}, asking: map[*ssa.Function]bool{}, facts: map[*types.Func]factOf{}, holders: map[types.Type]bool{},
		silences: map[Reason]int{},
	}
}

func (e *engine) count(r Reason) { e.silences[r]++ }

func (e *engine) flow(fn *ssa.Function) *ssaflow.Flow {
	f := e.flows[fn]
	if f == nil {
		f = ssaflow.NewFlow(fn)
		e.flows[fn] = f
	}
	return f
}

// hasBody reports whether a function's body can be searched here.
func (e *engine) hasBody(fn *ssa.Function) bool { return e.prog.HasBody(fn) }

// method returns the function that a method call on a concrete type runs.
func (e *engine) method(t types.Type, m *types.Func) *ssa.Function {
	if types.IsInterface(t) {
		return nil
	}
	sel := e.pkg.Prog.MethodSets.MethodSet(t).Lookup(m.Pkg(), m.Name())
	if sel == nil || ssaflow.IsGeneric(t) {
		return nil
	}
	return e.pkg.Prog.MethodValue(sel)
}

// fact returns what is known of a function of another package, and whether
// that package was analysed at all.
func (e *engine) fact(fn *types.Func) (*FuncFact, bool) {
	if fn == nil || fn.Pkg() == nil {
		return nil, false
	}
	fn = fn.Origin()
	if f, ok := e.facts[fn]; ok {
		return f.fact, f.analysed
	}
	var f factOf
	if fn.Pkg() != e.pass.Pkg {
		f.analysed = e.prog.Analysed(fn.Pkg())
		fact := new(FuncFact)
		if e.pass.ImportObjectFact(fn, fact) {
			f.fact = fact
		}
	}
	e.facts[fn] = f
	return f.fact, f.analysed
}

// noReturn reports whether a function of this package never returns.
func (e *engine) noReturn(fn *ssa.Function) bool {
	if r, ok := e.endless[fn]; ok {
		return r
	}
	e.endless[fn] = true // while it is looked at: a recursive call returns if another path does
	never := true
	seen := make([]bool, len(fn.Blocks))
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 && never {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b.Index] {
			continue
		}
		seen[b.Index] = true
		ends := false
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Return:
				never = false
			case *ssa.Call:
				ends = ends || e.callEnds(instr)
			}
			if ends {
				break
			}
		}
		if !ends {
			work = append(work, b.Succs...)
		}
	}
	if fn.Recover != nil {
		never = false // a recovered panic returns
	}
	e.endless[fn] = never
	return never
}

// callEnds reports whether a call never returns.
func (e *engine) callEnds(call *ssa.Call) bool {
	c := call.Common()
	if c.IsInvoke() {
		row := e.table.Func(c.Method)
		return row != nil && row.NoReturn
	}
	f := c.StaticCallee()
	if f == nil {
		return false
	}
	if o := f.Origin(); o != nil {
		f = o
	}
	if obj, ok := f.Object().(*types.Func); ok {
		if row := e.table.Func(obj); row != nil {
			return row.NoReturn
		}
		if !e.hasBody(f) {
			fact, _ := e.fact(obj)
			return fact != nil && fact.NoReturn
		}
	}
	return e.hasBody(f) && e.noReturn(f)
}

// reachesSite returns the blocks of a function from which a site is reached,
// or a func literal that contains it.
func (e *engine) reachesSite(s *site, fn *ssa.Function) []bool {
	key := reachKey{fn, s.instr}
	if r, ok := e.reach[key]; ok {
		return r
	}
	targets := map[*ssa.BasicBlock]bool{}
	if s.fn == fn {
		targets[s.instr.Block()] = true
	} else {
		for _, b := range fn.Blocks {
			targets[b] = true
		}
	}
	r := ssaflow.CanReach(fn, targets)
	e.reach[key] = r
	return r
}

// sites returns the acquisitions in a function, in order.
func (e *engine) sites(fn *ssa.Function) []*site {
	var list []*site
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Alloc:
				if o, ok := e.literal(instr); ok {
					list = append(list, &site{instr: instr, fn: fn, open: o})
				}
			case *ssa.Call:
				for _, o := range e.handedBy(instr) {
					s := &site{instr: instr, fn: fn, open: o}
					if !o.At.Param {
						s.dyn = e.resultType(instr, o.At)
					}
					list = append(list, s)
				}
			}
		}
	}
	return list
}

// literal returns the resource that a composite literal is.
func (e *engine) literal(a *ssa.Alloc) (Open, bool) {
	if !ssaflow.IsComposite(a) {
		return Open{}, false
	}
	n := ssaflow.Named(a.Type())
	if n == nil {
		return Open{}, false
	}
	lit := e.table.Literal(n.Obj())
	if lit == nil || lit.Opens == nil || len(lit.Opens.Release) == 0 || lit.Opens.Kind == redisapi.Server {
		return Open{}, false
	}
	return Open{Err: -1, Cleanup: -1, Kind: string(lit.Opens.Kind),
		What: n.Obj().Pkg().Name() + "." + n.Obj().Name(), Release: lit.Opens.Release}, true
}

// openedBy returns the resources that a call certainly hands to its caller.
func (e *engine) openedBy(call *ssa.Call) []Open {
	list := e.handedBy(call)
	for i, o := range list {
		if o.Lent {
			owned := append([]Open(nil), list[:i]...)
			for _, o := range list[i:] {
				if !o.Lent {
					owned = append(owned, o)
				}
			}
			return owned
		}
	}
	return list
}

// handedBy returns the resources that a call hands to its caller, those too
// that belong to somebody else on some path.
func (e *engine) handedBy(call *ssa.Call) []Open { return e.handedAt(call.Common()) }

func (e *engine) handedAt(c *ssa.CallCommon) []Open {
	var obj *types.Func
	var f *ssa.Function
	if c.IsInvoke() {
		if obj = c.Method; e.table.Func(obj) == nil {
			f = e.onlyImplementation(c)
		}
	} else if f = c.StaticCallee(); f != nil {
		if ssaflow.IsBoundMethod(f) {
			obj, _ = f.Object().(*types.Func)
			f = nil
		} else {
			if o := f.Origin(); o != nil {
				f = o
			}
			obj, _ = f.Object().(*types.Func)
		}
	} else if opens := e.factory(c); opens != nil {
		return opens
	} else if funcs := e.prog.FuncsOf(c.Value); len(funcs) > 1 {
		return e.openedByAll(funcs)
	} else if len(funcs) == 1 {
		f = funcs[0]
		if f.Synthetic != "" || ssaflow.HasTypeArgs(f) {
			return nil
		}
		obj, _ = f.Object().(*types.Func)
	}
	if e.hasBody(f) {
		return e.opensOf(f)
	}
	if obj == nil {
		return nil
	}
	if row := e.table.Func(obj); row != nil {
		return rowOpens(row, obj)
	}
	if fact, _ := e.fact(obj); fact != nil {
		return fact.Opens
	}
	return nil
}

// openedByAll returns what each of several functions hands to its caller.
func (e *engine) openedByAll(funcs []*ssa.Function) []Open {
	var common []Open
	for i, f := range funcs {
		if f.Synthetic != "" || ssaflow.HasTypeArgs(f) {
			return nil
		}
		var opens []Open
		obj, _ := f.Object().(*types.Func)
		switch {
		case e.hasBody(f):
			opens = e.opensOf(f)
		case obj == nil:
		case e.table.Func(obj) != nil:
			opens = rowOpens(e.table.Func(obj), obj)
		default:
			if fact, _ := e.fact(obj); fact != nil {
				opens = fact.Opens
			}
		}
		if i == 0 {
			common = opens
			continue
		}
		common = slices.DeleteFunc(slices.Clone(common), func(o Open) bool {
			return !slices.ContainsFunc(opens, func(p Open) bool { return o.At.String() == p.At.String() && o.Err == p.Err })
		})
	}
	return common
}

// factory returns what a call of a field hands to its caller in which a library
// keeps a func that opens: the pool that would release it never sees it.
func (e *engine) factory(c *ssa.CallCommon) []Open {
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
	if lit := e.table.Literal(n.Obj()); lit == nil || !slices.Contains(lit.Factories, name) {
		return nil
	}
	res := c.Signature().Results()
	if res.Len() == 0 {
		return nil
	}
	t := ssaflow.Named(res.At(0).Type())
	if t == nil || e.table.Type(t.Obj()) == nil {
		return nil
	}
	k := e.table.Type(t.Obj())
	if len(k.Release) == 0 {
		return nil
	}
	return []Open{{Err: ssaflow.ErrorResult(res), Cleanup: -1, Kind: string(k.Kind), What: n.Obj().Name() + "." + name, Release: k.Release}}
}

// onlyImplementation returns the method that a call of a method of one of this
// package's interfaces runs, if the package makes it of one type only.
func (e *engine) onlyImplementation(c *ssa.CallCommon) *ssa.Function {
	concrete := e.prog.OnlyBoxed(c.Value.Type())
	if concrete == nil {
		return nil
	}
	f := e.method(concrete, c.Method)
	if f == nil || !e.hasBody(f) || f.Synthetic != "" {
		return nil
	}
	return f
}

// partner returns the error beside a value that an opening call returned, or
// the value beside its error; nil for all other values.
func (e *engine) partner(t *heap.Term) *heap.Term {
	x, ok := t.Value.(*ssa.Extract)
	if !ok {
		return nil
	}
	call, ok := x.Tuple.(*ssa.Call)
	if !ok {
		return nil
	}
	other := -1
	for _, o := range e.openedBy(call) {
		switch {
		case o.At.Param || o.Err < 0:
		case o.At.Index == x.Index:
			other = o.Err
		case o.Err == x.Index:
			other = o.At.Index
		}
	}
	for _, ref := range *call.Referrers() {
		if y, ok := ref.(*ssa.Extract); ok && y.Index == other {
			if t.Op == heap.Earlier {
				return e.pool.Earlier(e.pool.Val(y))
			}
			return e.pool.Val(y)
		}
	}
	return nil
}

func rowOpens(row *redisapi.Func, obj *types.Func) []Open {
	var list []Open
	for _, o := range row.Opens {
		if o.Kind == redisapi.Server || len(o.Release) == 0 && o.Cleanup < 0 {
			continue
		}
		list = append(list, Open{
			At: Place{Index: o.Result}, Err: o.Err, Cleanup: o.Cleanup,
			Kind: string(o.Kind), What: ssaflow.CallName(obj), Release: o.Release, Nil: o.Err >= 0 && !o.Inert,
		})
	}
	return list
}

// opensOf returns the resources that a function of this package hands to its
// callers.
func (e *engine) opensOf(fn *ssa.Function) []Open {
	if o, ok := e.opens[fn]; ok {
		return o
	}
	if e.depth >= maxDepth || e.opening[fn] {
		return nil // a recursive call opens what the other paths open
	}
	e.opening[fn] = true
	e.depth++
	defer func() { e.depth-- }()
	var list []Open
	for _, s := range e.sites(fn) {
		v := e.judge(s, fn)
		for _, o := range v.given {
			list = append(list, o)
		}
	}
	for _, anon := range fn.AnonFuncs {
		for _, s := range e.sites(anon) {
			list = append(list, e.judge(s, fn).given...)
		}
	}
	list = e.mergeOpens(fn, list)
	e.opens[fn] = list
	return list
}

// mergeOpens unites what several sites hand to the caller at the same place.
func (e *engine) mergeOpens(fn *ssa.Function, list []Open) []Open {
	by := map[string]*Open{}
	var keys []string
	for _, o := range list {
		k := o.At.String()
		if o.At.Func {
			k += "f"
		}
		if have := by[k]; have != nil {
			for i := range have.Results {
				if i >= len(o.Results) || o.Results[i] != have.Results[i] {
					have.Results[i] = ""
				}
			}
			if have.Cleanup != o.Cleanup {
				have.Cleanup = -1
			}
			have.Lent = have.Lent || o.Lent
			have.Nil = have.Nil && o.Nil
			continue
		}
		o.Results = append([]Known(nil), o.Results...)
		by[k] = &o
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var out []Open
	for _, k := range keys {
		o := by[k]
		if !o.At.Param && e.mayLend(fn, o.At.Index) {
			e.count(Borrowed)
			if o.At.Shape != "" || o.At.Func || o.Cleanup >= 0 || e.returnsParam(fn, o.At.Index) {
				continue
			}
			o.Lent = true
		}
		if o.At.Shape != "" && !strings.Contains(o.At.Shape, "[]") && e.opensSometimes(fn, o.At.Index) && !o.At.Param {
			e.count(Borrowed)
			continue
		}
		if !e.releasable(fn, o) {
			e.count(NoCloser)
			continue
		}
		out = append(out, *o)
	}
	return out
}

// opensSometimes reports whether a function can return an object without
// having opened anything: one that was given its client, say.
func (e *engine) opensSometimes(fn *ssa.Function, index int) bool {
	sites := map[*ssa.BasicBlock]bool{}
	for _, s := range e.sites(fn) {
		sites[s.instr.Block()] = true
	}
	if len(sites) == 0 {
		return true // a function literal opens it
	}
	seen := make([]bool, len(fn.Blocks))
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if seen[b.Index] || sites[b] {
			continue
		}
		seen[b.Index] = true
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && index < len(ret.Results) {
			if c, ok := ret.Results[index].(*ssa.Const); !ok || c.Value != nil {
				return true
			}
		}
		work = append(work, b.Succs...)
	}
	return false
}

// mayLend reports whether a result can be something that its caller does not
// own: a field, a global, a parameter, whatever another function returned.
func (e *engine) mayLend(fn *ssa.Function, index int) bool {
	seen := map[ssa.Value]bool{}
	var lends func(v ssa.Value) bool
	lends = func(v ssa.Value) bool {
		if seen[v] {
			return false
		}
		seen[v] = true
		switch v := v.(type) {
		case *ssa.Const, *ssa.MakeClosure, *ssa.Function, *ssa.MakeSlice, *ssa.MakeMap:
			return false
		case *ssa.Alloc:
			return false
		case *ssa.Phi:
			for _, e := range v.Edges {
				if lends(e) {
					return true
				}
			}
			return false
		case *ssa.MakeInterface:
			return lends(v.X)
		case *ssa.ChangeInterface:
			return lends(v.X)
		case *ssa.ChangeType:
			return lends(v.X)
		case *ssa.TypeAssert:
			return lends(v.X)
		case *ssa.Slice:
			return lends(v.X)
		case *ssa.Extract:
			if call, ok := v.Tuple.(*ssa.Call); ok {
				return !e.callOpens(call, v.Index)
			}
			if ta, ok := v.Tuple.(*ssa.TypeAssert); ok && v.Index == 0 {
				return lends(ta.X)
			}
			return true
		case *ssa.Call:
			if b, ok := v.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
				return lends(v.Call.Args[0])
			}
			return !e.callOpens(v, 0)
		case *ssa.UnOp:
			// A local variable: whatever is stored there.
			var cell ssa.Value = v.X
			if a, ok := cell.(*ssa.Alloc); ok {
				for _, ref := range *a.Referrers() {
					if st, ok := ref.(*ssa.Store); ok && st.Addr == a && lends(st.Val) {
						return true
					}
					// A closure that sets it is searched with its function.
				}
				return false
			}
			return true
		}
		return true
	}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && index < len(ret.Results) {
			if lends(ret.Results[index]) {
				return true
			}
		}
	}
	return false
}

// returnsParam reports whether a result can be what the caller passed in, so
// that what it owns depends on the call.
func (e *engine) returnsParam(fn *ssa.Function, index int) bool {
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

// callOpens reports whether a result of a call is the caller's own: a fresh
// resource, an alias of an argument that is, or something that closes over one.
func (e *engine) callOpens(call *ssa.Call, index int) bool {
	for _, o := range e.openedBy(call) {
		if !o.At.Param && o.At.Index == index || o.Cleanup == index {
			return true
		}
		for _, p := range o.Also {
			if p.Index == index {
				return true
			}
		}
	}
	c := call.Common()
	obj := c.Method
	if !c.IsInvoke() {
		f := c.StaticCallee()
		if f == nil {
			return false
		}
		if f.Origin() != nil {
			f = f.Origin()
		}
		obj, _ = f.Object().(*types.Func)
		if obj == nil || e.table.Func(obj) == nil {
			if !e.hasBody(f) {
				fact, _ := e.fact(obj)
				if fact == nil {
					return false
				}
				for _, p := range fact.Params {
					for _, o := range p.Outcomes {
						for _, in := range o.Into {
							if !in.Param && in.Index == index {
								return true
							}
						}
					}
				}
				return false
			}
			// A function of this package that makes an object or passes one on.
			return !e.mayLendShallow(f, index)
		}
	}
	if row := e.table.Func(obj); row != nil {
		for _, a := range row.Aliases {
			if a.Result == index {
				return true
			}
		}
	}
	return false
}

// mayLendShallow is mayLend without looking into further calls, parameters
// counting as the caller's own.
func (e *engine) mayLendShallow(fn *ssa.Function, index int) bool {
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

// releasable reports whether a caller can release what it is handed, and
// completes the names of the methods that do.
func (e *engine) releasable(fn *ssa.Function, o *Open) bool {
	if o.At.Func || o.Cleanup >= 0 || o.At.Shape == "" && len(o.Release) > 0 {
		return true
	}
	for _, p := range o.Also {
		if p.Shape == "" {
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
	if strings.Contains(o.At.Shape, "[]") {
		return true // the caller can range over it
	}
	names := e.closers(t, o.At.Shape, o.Release)
	if len(names) > 0 {
		o.At.closers = names
		return true
	}
	return e.visiblePath(t, o.At.Shape)
}

// closers returns the methods of a type that release what it holds under a
// shape, on some path at least.
func (e *engine) closers(t types.Type, shape string, release []string) []string {
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
		for _, o := range e.methodOutcomes(m, ms.At(i), shape, release) {
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
func (e *engine) reopens(m *types.Func) bool {
	var opens []Open
	if f := e.pkg.Prog.FuncValue(m); e.hasBody(f) {
		opens = e.opensOf(f)
	} else if fact, _ := e.fact(m); fact != nil {
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

func (e *engine) methodOutcomes(m *types.Func, sel *types.Selection, shape string, release []string) []Outcome {
	via := strings.Join(release, ",")
	if row := e.table.Func(m); row != nil {
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
		if f := e.pkg.Prog.FuncValue(m); e.hasBody(f) && len(sel.Index()) == 1 {
			return e.summarise(f, 0, shape, via, nil, nil)
		}
		if !ssaflow.IsGeneric(sel.Recv()) {
			if f := e.pkg.Prog.MethodValue(sel); e.hasBody(f) {
				return e.summarise(f, 0, shape, via, nil, nil)
			}
		}
		return nil
	}
	fact, _ := e.fact(m)
	if fact == nil {
		return nil
	}
	return e.paramOutcomes(m, nil, false, fact, 0, shape, via, nil)
}

func pointerTo(t types.Type) types.Type {
	if _, ok := t.Underlying().(*types.Pointer); ok || types.IsInterface(t) {
		return t
	}
	return types.NewPointer(t)
}

// visiblePath reports whether a user of the type can get at the resource
// through exported fields, or because the type is this package's own.
func (e *engine) visiblePath(t types.Type, shape string) bool {
	for _, one := range strings.Split(shape, "|") {
		if e.visible(t, one) {
			return true
		}
	}
	return false
}

func (e *engine) visible(t types.Type, shape string) bool {
	shape = strings.TrimSuffix(shape, "()")
	for shape != "" {
		if shape[0] == '*' {
			p, ok := t.Underlying().(*types.Pointer)
			if ok {
				t = p.Elem()
			}
			shape = shape[1:]
			continue
		}
		if shape[0] != '.' {
			return true
		}
		n := 1
		for n < len(shape) && shape[n] >= '0' && shape[n] <= '9' {
			n++
		}
		i, err := strconv.Atoi(shape[1:n])
		st, ok := t.Underlying().(*types.Struct)
		if err != nil || !ok || i >= st.NumFields() {
			return false
		}
		if !st.Field(i).Exported() {
			return false
		}
		t = st.Field(i).Type()
		shape = shape[n:]
	}
	return true
}
