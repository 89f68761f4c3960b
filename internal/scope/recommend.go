package scope

import (
	"go/token"
	"go/types"
	"slices"
	"sort"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
)

// A scope is worth naming at a command outside of all scopes only if the
// command could stand in it as it is.

// A need is what a call asks of the client that it is made on.
type need struct {
	client types.Type
	handle bool       // it is made of a client, as a pipeline is
	method string     // that is called, or "" if the client is handed to a parameter
	param  types.Type // that it is handed to
}

func (u *Use) add(n need) {
	if !slices.Contains(u.needs, n) {
		u.needs = append(u.needs, n)
	}
}

// need says what a use of a client asks of it.
func (g *graph) need(c ssa.CallInstruction, h handing) need {
	n := need{client: g.client(ssaflow.Unboxed(h.client)).Type(), param: h.to}
	if named := ssaflow.Named(n.client); named != nil {
		typ := g.table.Type(named.Obj())
		n.handle = typ != nil && typ.Kind != redisapi.Client && typ.Kind != redisapi.Pool
	}
	if obj := ssaflow.Callee(c.Common()); h.to == nil && obj != nil && obj.Signature().Recv() != nil && ssaflow.Args(c.Common())[0] == h.client {
		n.method = obj.Name()
	}
	return n
}

// A recommendation is a scope that is made for any commands.
type recommendation struct {
	name  string // as code of the package writes it; of a method, after its type
	lends types.Type
}

// recommended lists the scopes at hand: those of this package in source order,
// and then those of the packages that it imports, by name.
func (o *origins) recommended() []recommendation {
	var list []recommendation
	for _, fn := range o.g.prog.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || o.g.prog.InTest(obj.Pos()) {
			continue
		}
		for _, p := range o.g.passed[fn] {
			if o.made(fn, p) {
				list = append(list, recommendation{funcName(obj), lentType(fn.Signature, p.param, p.arg)})
			}
		}
	}
	return append(list, o.imported()...)
}

// imported lists the scopes of the packages that this one imports.
func (o *origins) imported() []recommendation {
	imports := map[*types.Package]bool{}
	for _, p := range o.g.pass.Pkg.Imports() {
		imports[p] = true
	}
	var facts []analysis.ObjectFact
	for _, f := range o.g.pass.AllObjectFacts() {
		if fact, ok := f.Fact.(*FuncFact); ok && imports[f.Object.Pkg()] && len(fact.Callbacks) > 0 {
			facts = append(facts, f)
		}
	}
	sort.Slice(facts, func(i, j int) bool { return fullName(facts[i]) < fullName(facts[j]) })
	var list []recommendation
	for _, f := range facts {
		obj := f.Object.(*types.Func)
		for _, cb := range f.Fact.(*FuncFact).Callbacks {
			if cb.Made {
				list = append(list, recommendation{shortName(obj), lentType(obj.Signature(), cb.Param, cb.Arg)})
			}
		}
	}
	return list
}

func fullName(f analysis.ObjectFact) string { return f.Object.(*types.Func).FullName() }

// funcName names a function as its own package does, and a method after its
// type.
func funcName(obj *types.Func) string {
	if recv := obj.Signature().Recv(); recv != nil {
		if n := ssaflow.Named(recv.Type()); n != nil {
			return n.Obj().Name() + "." + obj.Name()
		}
	}
	return obj.Name()
}

// made reports whether a function is a scope that is made for any commands. It
// opens the client that it passes to a callback and closes it, or another such
// scope does; all that it asks of the client itself is whether it works, so
// that it is no transaction and no step of a task; and its callback gets
// nothing else but contexts.
func (o *origins) made(fn *ssa.Function, p passedNode) bool {
	lends := lentType(fn.Signature, p.param, p.arg)
	if lends == nil || o.isTransaction(lends) {
		return false
	}
	if o.g.isNamed(fn) {
		return true
	}
	if o.asking[fn] || !aloneInCallback(fn.Signature, p) {
		return false
	}
	n := o.g.node(p)
	if n < 0 || len(o.g.sets[n]) == 0 {
		return false
	}
	for a := range o.g.sets[n] {
		switch a.kind {
		case opened:
			if o.fates[a.at] != lifetime.Safe || o.asking[outermost(a.at.Parent())] {
				return false
			}
		case lent:
			if a.n != made {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// aloneInCallback reports whether a callback gets contexts and a client only.
func aloneInCallback(sig *types.Signature, p passedNode) bool {
	callback := callbackOf(sig, p.param)
	for i := range callback.Params().Len() {
		if i != p.arg && !ssaflow.IsContext(callback.Params().At(i).Type()) {
			return false
		}
	}
	return true
}

// fits reports whether calls with some needs could stand in a scope.
func (r *recommendation) fits(needs []need) bool {
	for _, n := range needs {
		if !n.metBy(r.lends) {
			return false
		}
	}
	return len(needs) > 0
}

// metBy reports whether a client of a type that a scope lends can take the
// place of the one that a call is made on. That is a client of the same type,
// one of the two as an interface, or one that makes such handles.
func (n need) metBy(lends types.Type) bool {
	switch {
	case types.Identical(pointed(lends), pointed(n.client)):
		return true
	case isInterface(lends) && types.AssignableTo(n.client, lends):
		return n.param != nil && types.AssignableTo(lends, n.param) || n.param == nil && hasMethod(lends, n.method)
	case isInterface(n.client) && types.AssignableTo(lends, n.client):
		return true
	case !n.handle:
		return false
	}
	for sel := range types.NewMethodSet(lends).Methods() {
		results := sel.Obj().(*types.Func).Signature().Results()
		if results.Len() > 0 && types.Identical(pointed(results.At(0).Type()), pointed(n.client)) {
			return true
		}
	}
	return false
}

func isInterface(t types.Type) bool {
	_, param := types.Unalias(t).(*types.TypeParam)
	return types.IsInterface(t) && !param
}

func hasMethod(t types.Type, name string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	_, ok := obj.(*types.Func)
	return ok
}

// pointed is a type, or what it points to.
func pointed(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// opener reports whether a function opens the client that it uses: in a
// literal or not, and in the variable or field that it uses it from.
func (o *origins) opener(fn *ssa.Function, client ssa.Value) bool {
	fn = outermost(fn)
	own := map[atom]bool{}
	for _, instr := range o.openedIn(fn) {
		own[atom{kind: opened, at: instr}] = true
	}
	if len(own) == 0 {
		return false
	}
	isOwn := func(n int) bool {
		if n >= 0 {
			for a := range o.g.sets[n] {
				if own[a] {
					return true
				}
			}
		}
		return false
	}
	if isOwn(o.g.node(client)) {
		return true
	}
	load, ok := o.g.client(client).(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	switch addr := load.X.(type) {
	case *ssa.FieldAddr:
		f := ssaflow.Field(addr.X.Type(), addr.Field)
		return f != nil && isOwn(o.g.node(fieldNode{f.Origin()}))
	case *ssa.Global:
		for _, val := range storedBy(fn, addr) {
			if isOwn(o.g.node(val)) {
				return true
			}
		}
	}
	return false
}

// storedBy lists what a function, or a literal in it, assigns to a variable.
func storedBy(fn *ssa.Function, to *ssa.Global) []ssa.Value {
	var list []ssa.Value
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if s, ok := instr.(*ssa.Store); ok && s.Addr == to {
				list = append(list, s.Val)
			}
		}
	}
	for _, anon := range fn.AnonFuncs {
		list = append(list, storedBy(anon, to)...)
	}
	return list
}

// outermost is the declared function that a literal stands in.
func outermost(fn *ssa.Function) *ssa.Function {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return fn
}

// isTransaction reports whether a type is a handle of its own, as a transaction
// is: something that is made of a client for a few commands, and no client. An
// interface of commands may be one.
func (o *origins) isTransaction(typ types.Type) bool {
	if typ == nil || types.IsInterface(typ) {
		return false
	}
	if p, ok := types.Unalias(typ).(*types.Pointer); ok {
		typ = p.Elem()
	}
	named, ok := types.Unalias(typ).(*types.Named)
	if !ok {
		return false
	}
	row := o.g.table.Type(named.Obj())
	return row != nil && row.Kind == redisapi.Handle
}

// lentType is the type of an argument that a function calls its func parameter
// with, or nil.
func lentType(sig *types.Signature, fn, arg int) types.Type {
	callback := callbackOf(sig, fn)
	if callback == nil || arg >= callback.Params().Len() {
		return nil
	}
	return callback.Params().At(arg).Type()
}

// callbackOf is the type of a func parameter, or nil. Several at the end are
// one.
func callbackOf(sig *types.Signature, fn int) *types.Signature {
	if sig.Recv() != nil {
		fn--
	}
	if fn < 0 || fn >= sig.Params().Len() {
		return nil
	}
	typ := sig.Params().At(fn).Type()
	if list, ok := typ.(*types.Slice); ok && sig.Variadic() && fn == sig.Params().Len()-1 {
		typ = list.Elem()
	}
	callback, _ := typ.Underlying().(*types.Signature)
	return callback
}
