package scope

import (
	"go/token"
	"go/types"
	"slices"
	"sort"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/program"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// origins reads from a finished graph where clients come from.
type origins struct {
	g      *graph
	fates  map[ssa.Instruction]lifetime.Fate // of what is lent to a func value
	fields map[*types.Var]bool               // whether a scope's client is ever stored there
	needs  map[parameter]demand              // parameters that commands are issued on
	asking map[*ssa.Function]bool            // functions of the package that issue commands, checks aside, in a literal or not
	found  map[token.Pos]Use                 // by the position of the call

	registrations []registering
	registers     map[parameter]bool // parameters that stay reachable for ever

	keeps map[*ssa.Function][]int // see kept

	lends      []lending // see lendings
	lent       map[*ssa.Function]bool
	waits      map[*ssa.Function][]wait         // of calls of a function
	directs    map[*ssa.Function][]wait         // see direct
	unasked    map[*ssa.Function][]bool         // see regardless
	frees      map[*ssa.Function][]int          // see freesWith
	defers     map[*ssa.Function][]DeferredFact // see defersWith
	implements map[*types.Func][]*types.Func    // see implementations
}

// A demand is what is done with a client that a function is given.
type demand struct {
	at    token.Pos // the first command, or token.NoPos if another package has it
	check bool      // all that is asked of it is whether it works
	later bool      // the command is in a func that the function returns
}

// A parameter of a function.
type parameter struct {
	fn *ssa.Function
	i  int
}

// An origin is all that is known of where a client comes from.
type origin struct {
	scoped  bool // from a scope, or lent by one that is not understood
	firm    bool // from a scope that closes it
	outside bool
	inline  bool // taken from another client, and surely given back, by the function that uses it
	params  []parameter
}

func newOrigins(g *graph) *origins {
	o := &origins{
		g: g, fates: map[ssa.Instruction]lifetime.Fate{}, fields: map[*types.Var]bool{},
		needs: map[parameter]demand{}, asking: map[*ssa.Function]bool{}, found: map[token.Pos]Use{},
		registers: map[parameter]bool{}, keeps: map[*ssa.Function][]int{},
		lent: map[*ssa.Function]bool{}, directs: map[*ssa.Function][]wait{}, unasked: map[*ssa.Function][]bool{}, frees: map[*ssa.Function][]int{}, defers: map[*ssa.Function][]DeferredFact{}, implements: map[*types.Func][]*types.Func{},
	}
	for _, fn := range g.prog.Funcs {
		for _, p := range g.passed[fn] {
			o.lend(p)
		}
	}
	o.lend(passedNode{})
	return o
}

// lend asks what becomes of the resources that are passed to a func.
func (o *origins) lend(p passedNode) {
	n, ok := o.g.ids[p]
	if !ok || n < 0 {
		return
	}
	for a := range o.g.sets[n] {
		if a.kind != opened {
			continue
		}
		if p.fn != nil && o.g.isNamed(p.fn) {
			o.fates[a.at] = lifetime.Safe
		} else if _, ok := o.fates[a.at]; !ok {
			o.fates[a.at] = o.g.lives.FateWhenLent(a.at)
		}
	}
}

// of returns the origin of the value at a node.
func (o *origins) of(n int) origin {
	var r origin
	if n < 0 {
		return r
	}
	seen := map[atom]bool{}
	nodes := []int{n}
	for len(nodes) > 0 {
		n, nodes = nodes[len(nodes)-1], nodes[:len(nodes)-1]
		for a := range o.g.sets[n] {
			if seen[a] {
				continue
			}
			seen[a] = true
			switch a.kind {
			case lent:
				r.scoped = true
				r.firm = r.firm || a.n != shared
			case outside:
				r.outside = true
			case param:
				r.params = append(r.params, parameter{a.fn, a.n})
				if m, ok := o.g.ids[boundNode{a.fn, a.n}]; ok && m >= 0 {
					nodes = append(nodes, m)
				}
			case load:
				switch {
				case o.loadScoped(a.at, map[atom]bool{}):
					r.scoped = true
				case o.loadBracketed(a.at):
					// An inline scope, and the client is part of what it opens.
				default:
					r.outside = true
				}
			case opened:
				fate, given := o.fates[a.at]
				switch {
				case given && fate == lifetime.Safe:
					r.scoped, r.firm = true, true
				case given && fate == lifetime.Unsure || o.openedInScope(a.at, map[atom]bool{}):
					r.scoped = true
				case o.g.bracketed[a.at]:
					// An inline scope: nothing is opened here that could be left open.
				default:
					r.outside = true
				}
			case inline:
				r.inline = true
			}
		}
	}
	sort.Slice(r.params, func(i, j int) bool {
		if a, b := r.params[i].fn.Pos(), r.params[j].fn.Pos(); a != b {
			return a < b
		}
		return r.params[i].i < r.params[j].i
	})
	return r
}

// reaches reports whether a scope's client can be at a node. In doubt it can.
func (o *origins) reaches(n int, seen map[atom]bool) bool {
	if n < 0 {
		return false
	}
	for a := range o.g.sets[n] {
		if seen[a] {
			continue
		}
		seen[a] = true
		found := false
		switch a.kind {
		case lent:
			found = true
		case param:
			if m, ok := o.g.ids[boundNode{a.fn, a.n}]; ok {
				found = o.reaches(m, seen)
			}
			for _, c := range o.g.callers[a.fn] {
				if args := ssaflow.Args(c.Common()); !found && a.n < len(args) {
					found = o.reaches(o.g.node(args[a.n]), seen)
				}
			}
		case load:
			found = o.loadScoped(a.at, seen)
		case opened:
			fate, given := o.fates[a.at]
			found = given && fate != lifetime.Lost || o.openedInScope(a.at, seen)
		case held:
			found = o.openedInScope(a.at, seen)
		}
		if found {
			return true
		}
	}
	return false
}

// openedInScope reports whether what an instruction opens is opened on
// something that a scope lends, such as a pool.
func (o *origins) openedInScope(at ssa.Instruction, seen map[atom]bool) bool {
	call, ok := at.(*ssa.Call)
	if !ok {
		return false
	}
	for _, a := range ssaflow.Args(call.Common()) {
		if o.reaches(o.g.node(a), seen) {
			return true
		}
	}
	return false
}

// loadScoped reports whether what is read from a field comes from a scope: the
// object does, or scopes' clients are stored in the field.
func (o *origins) loadScoped(at ssa.Instruction, seen map[atom]bool) bool {
	var x ssa.Value
	var i int
	switch at := at.(type) {
	case *ssa.FieldAddr:
		x, i = at.X, at.Field
	case *ssa.Field:
		x, i = at.X, at.Field
	default:
		return false
	}
	f := ssaflow.Field(x.Type(), i).Origin()
	known, ok := o.fields[f]
	if !ok {
		o.fields[f] = false // while it is looked at
		if f.Pkg() != o.g.pass.Pkg {
			known = o.g.pass.ImportObjectFact(f, &Scoped{})
		} else if n, ok := o.g.ids[fieldNode{f}]; ok {
			known = o.reaches(n, map[atom]bool{})
		}
		o.fields[f] = known
	}
	return known || o.reaches(o.g.node(x), seen)
}

// loadBracketed reports whether what is read from a field is part of something
// that the function itself opens and surely releases.
func (o *origins) loadBracketed(at ssa.Instruction) bool {
	f, ok := at.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	n := o.g.node(f.X)
	if n < 0 || len(o.g.sets[n]) == 0 {
		return false
	}
	for a := range o.g.sets[n] {
		if a.kind != opened || !o.g.bracketed[a.at] {
			return false
		}
	}
	return true
}

// clients are the values that a call issues commands on.
func (o *origins) clients(c ssa.CallInstruction) []ssa.Value {
	common := c.Common()
	args := ssaflow.Args(common)
	obj := common.Method
	if m, recv := ssaflow.MethodValue(common); m != nil {
		obj, args = m, append([]ssa.Value{recv}, args...)
	} else if f := ssaflow.Static(common); f != nil {
		if o.g.prog.HasBody(f) {
			return nil
		}
		obj, _ = f.Object().(*types.Func)
	}
	if obj == nil {
		return nil
	}
	if o.g.isCommand(obj, args) {
		return args[:1]
	}
	var list []ssa.Value
	if row := o.g.table.Func(obj); row != nil {
		for _, i := range row.Commands {
			if i < len(args) {
				list = append(list, args[i])
			}
		}
	}
	return list
}

// judgeCommands finds the commands outside of scopes, and the parameters that
// commands are issued on: for those the callers answer.
func (o *origins) judgeCommands() {
	for _, c := range o.g.calls {
		for _, v := range o.clients(c) {
			o.use(c, handing{client: v, demand: demand{at: c.Common().Pos(), check: o.g.checks(c), later: isReturned(c.Parent())}})
		}
	}
	for again := true; again; {
		again = false
		for _, c := range o.g.calls {
			for _, h := range o.handed(c) {
				if o.use(c, h) {
					again = true
				}
			}
		}
	}
}

// isReturned reports whether a literal is returned by the function that makes
// it, itself or in what it was given to, and not called there.
func isReturned(fn *ssa.Function) bool {
	maker := ssaflow.Maker(fn)
	if maker == nil {
		return false
	}
	returned := false
	for v := range ssaflow.ReachFrom(maker) {
		if v.Referrers() == nil || v.Parent() != maker.Parent() {
			continue
		}
		for _, ref := range *v.Referrers() {
			switch ref := ref.(type) {
			case *ssa.Return:
				returned = true
			case ssa.CallInstruction:
				if ref.Common().Value == v {
					return false
				}
			}
		}
	}
	return returned
}

// A handing is a client that a command is issued on, or that is passed to a
// function that issues commands on it.
type handing struct {
	client ssa.Value
	demand
	to types.Type // of the parameter that it is passed to, or nil
}

func (o *origins) handed(c ssa.CallInstruction) []handing {
	f := ssaflow.Static(c.Common())
	if f == nil || f.Parent() != nil {
		return nil
	}
	var list []handing
	args := c.Common().Args
	if o.g.prog.HasBody(f) {
		for i, a := range args {
			if d, ok := o.needs[parameter{f, i}]; ok {
				list = append(list, handing{a, d, f.Params[i].Type()})
			}
		}
		return list
	}
	obj, ok := f.Object().(*types.Func)
	if !ok || o.g.table.Func(obj) != nil {
		return nil
	}
	fact := new(FuncFact)
	if o.g.pass.ImportObjectFact(obj.Origin(), fact) {
		for _, i := range fact.Commands {
			if i < len(args) {
				list = append(list, handing{args[i], demand{check: slices.Contains(fact.Checks, i)}, args[i].Type()})
			}
		}
	}
	return list
}

// use notes a use of a client, and reports whether that is news of a parameter.
func (o *origins) use(c ssa.CallInstruction, h handing) bool {
	if !h.check {
		o.asking[outermost(c.Parent())] = true
	}
	from := o.of(o.g.node(h.client))
	if from.inline {
		return false
	}
	news := false
	for _, p := range from.params {
		old, ok := o.needs[p]
		d := old
		if !ok || h.at.IsValid() && h.at < old.at {
			d.at = h.at
		}
		d.check = h.check && (old.check || !ok)
		d.later = h.later && (old.later || !ok)
		if !ok || d != old {
			o.needs[p] = d
			news = true
		}
	}
	pos := c.Common().Pos()
	if !from.outside || !pos.IsValid() || h.check && o.opener(c.Parent(), h.client) {
		return news
	}
	handed := h.to != nil
	if h.later && handed && h.at.IsValid() {
		pos, handed = h.at, false // nothing runs where the func is made, and it would outlive a scope
	}
	u, ok := o.found[pos]
	if !ok || !u.Command.IsValid() || h.at.IsValid() && h.at < u.Command {
		u.Command = h.at
	}
	u.Handed = handed
	u.add(o.g.need(c, h))
	o.found[pos] = u
	return news
}

// uses returns the uses outside of scopes in source order.
func (o *origins) uses(src *program.Source) []Use {
	if len(o.found) == 0 {
		return nil
	}
	var list []Use
	scopes := o.recommended()
	for pos, u := range o.found {
		for _, s := range scopes {
			if u.Helper == "" && s.fits(u.needs) {
				u.Helper = s.name
			}
		}
		if u.Call = src.Call(pos); u.Call != nil {
			list = append(list, u)
		}
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].Call.Pos() < list[j].Call.Pos() ||
			list[i].Call.Pos() == list[j].Call.Pos() && list[i].Call.Lparen < list[j].Call.Lparen
	})
	return list
}

// exportFacts exports what other packages need to know.
func (o *origins) exportFacts() {
	for _, fn := range o.g.prog.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || obj.Pkg() != o.g.pass.Pkg || !obj.Exported() {
			continue
		}
		fact := o.fact(fn)
		if fact.String() != "" {
			o.g.pass.ExportObjectFact(obj, fact)
		}
	}
	var scoped []*types.Var
	for key, n := range o.g.ids {
		if f, ok := key.(fieldNode); ok && f.v.Pkg() == o.g.pass.Pkg && f.v.Exported() && o.reaches(n, map[atom]bool{}) {
			scoped = append(scoped, f.v)
		}
	}
	sort.Slice(scoped, func(i, j int) bool { return scoped[i].Pos() < scoped[j].Pos() })
	for _, f := range scoped {
		o.g.pass.ExportObjectFact(f, &Scoped{})
	}
}

func (o *origins) fact(fn *ssa.Function) *FuncFact {
	fact := &FuncFact{Logs: o.logs(fn, map[*ssa.Function]bool{}), Keeps: o.keepsFact(fn), Frees: o.freesWith(fn), Defers: o.defersWith(fn)}
	for _, w := range o.waits[fn] {
		fact.Waits = append(fact.Waits, w.WaitFact)
	}
	for i := range fn.Params {
		if d, ok := o.needs[parameter{fn, i}]; ok {
			fact.Commands = append(fact.Commands, i)
			if d.check {
				fact.Checks = append(fact.Checks, i)
			}
		}
		if o.registers[parameter{fn, i}] {
			fact.Registers = append(fact.Registers, i)
		}
	}
	fact.Callbacks = o.callbacks(fn)
	res := fn.Signature.Results()
	for i := range res.Len() {
		n, ok := o.g.ids[resultNode{fn, i}]
		if ok && isFunc(res.At(i).Type()) {
			fact.Yields = append(fact.Yields, o.yieldsOf(n, i)...)
		}
		if !ok || !o.g.isClient(res.At(i).Type()) {
			continue
		}
		from := o.of(n)
		if l := (Lent{Result: i, Outside: from.outside, Params: own(fn, from)}); l.Outside || len(l.Params) > 0 {
			fact.Results = append(fact.Results, l)
		}
	}
	return fact
}

// callbacks returns what the func parameters of a function are called with.
func (o *origins) callbacks(fn *ssa.Function) []Callback {
	var list []Callback
	passed := append([]passedNode(nil), o.g.passed[fn]...)
	sort.Slice(passed, func(i, j int) bool {
		if passed[i].param != passed[j].param {
			return passed[i].param < passed[j].param
		}
		return passed[i].arg < passed[j].arg
	})
	for _, p := range passed {
		from := o.of(o.g.node(p))
		cb := Callback{Param: p.param, Arg: p.arg, Outside: from.outside, Scoped: from.scoped && from.firm && !from.outside, Params: own(fn, from)}
		if o.g.isNamed(fn) {
			cb = Callback{Param: p.param, Arg: p.arg, Scoped: true}
		}
		cb.Made = cb.Scoped && o.made(fn, p)
		if cb.Outside || cb.Scoped || len(cb.Params) > 0 {
			list = append(list, cb)
		}
	}
	return list
}

// yieldsOf returns what the one literal that a result can be calls its func
// parameters with: an iterator its loop.
func (o *origins) yieldsOf(n, result int) []Yield {
	if n < 0 || len(o.g.sets[n]) != 1 {
		return nil
	}
	var list []Yield
	for a := range o.g.sets[n] {
		if a.kind != function || a.n != 0 || a.fn.Parent() == nil {
			return nil
		}
		for _, cb := range o.callbacks(a.fn) {
			if cb.Scoped {
				list = append(list, Yield{result, cb})
			}
		}
	}
	return list
}

// own returns the numbers of a function's parameters among an origin's.
func own(fn *ssa.Function, from origin) []int {
	var list []int
	for _, p := range from.params {
		if p.fn == fn {
			list = append(list, p.i)
		}
	}
	return list
}
