package repair

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file answers whether something may still use a resource when the
// function that opened it has returned. That nobody else owns it is not enough
// to release it there: a goroutine may work with it.

// later asks that about one resource. Where it does not know, it says yes.
type later struct {
	*Result
	opened  ssa.Value // what the opening call returns
	reach   ssaflow.Reach
	library bool            // the resource is a library's, and so are its methods
	looked  map[string]bool // functions, and which of their parameters have it
	until   ssa.Instruction // the return that is asked about, or nil for all of them
	gives   bool            // the caller may get it there
	failed  bool            // the function returns an error there
	fails   bool            // so does the function that is looked at, after this
	again   bool            // what earlier iterations opened is meant, too
	put     ast.Node        // the statement that puts it into a local owner or list, or nil
	beside  *ssa.Go         // a goroutine that is not meant
	why     Reason
}

// mayUseLater says if something may use the resource of a site after its
// function has returned.
func (r *Result) mayUseLater(s lifetime.Site) Reason { return r.mayUseAfter(s, nil, false, false) }

// mayUseAfter says if something other than what the caller gets may use the
// resource of a site after its function has returned by an exit.
func (r *Result) mayUseAfter(s lifetime.Site, exit ssa.Instruction, gives, failed bool) Reason {
	o := r.later(s)
	o.until, o.gives, o.failed = exit, gives, failed
	if exit != nil {
		root, before := s.Func(), o.between(s.Func())
		runs := func(instr ssa.Instruction) bool { return instr.Parent() != root || before[instr.Block().Index] }
		o.reach = ssaflow.ReachWhile(runs, r.carriesOn, s.Values()...)
	}
	if o.function(s.Func(), true) {
		return o.why
	}
	return ""
}

// mayUseBeside says if something other than a goroutine may use the resource of
// a site after its function has returned.
func (r *Result) mayUseBeside(s lifetime.Site, g *ssa.Go) Reason {
	o := r.later(s)
	o.beside = g
	if o.function(s.Func(), true) {
		return o.why
	}
	if callee := g.Call.StaticCallee(); callee != nil && callee.Parent() == nil && o.spawns(callee, o.itself(&g.Call)) {
		return Goroutine
	}
	return ""
}

// itself lists the numbers of the arguments that are the resource.
func (o *later) itself(c *ssa.CallCommon) []int {
	var list []int
	for i, a := range c.Args {
		switch v := ssaflow.Bare(a).(type) {
		case *ssa.Extract:
			if v.Tuple == o.opened {
				list = append(list, i)
			}
		default:
			if v == o.opened {
				list = append(list, i)
			}
		}
	}
	if len(list) == 0 {
		return o.given(c, o.reach)
	}
	return list
}

func (r *Result) later(s lifetime.Site) *later {
	opened, _ := s.Instr().(ssa.Value)
	return &later{Result: r, opened: opened, reach: ssaflow.ReachBy(r.carriesOn, s.Values()...), library: r.ofLibrary(s), looked: map[string]bool{}, why: Later}
}

// ofLibrary reports whether a site opens a type of a library, not one of the
// project that owns such a type.
func (r *Result) ofLibrary(s lifetime.Site) bool {
	if a, ok := s.Instr().(*ssa.Alloc); ok {
		return r.libraryType(a.Type())
	}
	c, ok := s.Instr().(ssa.CallInstruction)
	if !ok || s.Open().At.Param {
		return false
	}
	if t := s.Type(); t != nil {
		return r.libraryType(t)
	}
	results := c.Common().Signature().Results()
	return s.Open().At.Index < results.Len() && r.libraryType(results.At(s.Open().At.Index).Type())
}

// libraryType reports whether a type, or what it points to, is a library's.
func (r *Result) libraryType(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && r.prog.Table.Covers(n.Obj().Pkg().Path())
}

// function looks at one function and the literals in it. Of the function that
// opens the resource, what cannot come before the exit does not matter.
func (o *later) function(fn *ssa.Function, root bool) bool {
	literals := fn.AnonFuncs
	var before []bool
	if root && o.until != nil {
		before = o.between(fn)
		literals = nil
	}
	for _, b := range fn.Blocks {
		if before != nil && !before[b.Index] {
			continue
		}
		for _, instr := range b.Instrs {
			if o.instr(instr, root) {
				return true
			}
			if before == nil {
				continue
			}
			for _, v := range operands(instr) {
				lit, ok := v.(*ssa.Function)
				if ok && lit.Parent() == fn && !slices.Contains(literals, lit) {
					literals = append(literals, lit)
				}
			}
		}
	}
	return slices.ContainsFunc(literals, func(f *ssa.Function) bool { return o.function(f, false) })
}

// between are the blocks of a function that may come after the opening and
// before the exit, in the same iteration of a loop if others are not meant.
func (o *later) between(fn *ssa.Function) []bool {
	list := make([]bool, len(fn.Blocks))
	work := []*ssa.BasicBlock{o.until.Block()}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if list[b.Index] {
			continue
		}
		list[b.Index] = true
		if in, ok := o.opened.(ssa.Instruction); ok && in.Block() == b && !o.again {
			continue
		}
		work = append(work, b.Preds...)
	}
	return list
}

func (o *later) instr(instr ssa.Instruction, root bool) bool {
	switch instr := instr.(type) {
	case *ssa.Go:
		if instr != o.beside && slices.ContainsFunc(operands(instr), o.has) {
			o.why = Goroutine
			return true
		}
	case *ssa.Send:
		return o.live(instr.X)
	case *ssa.MapUpdate:
		return o.live(instr.Value)
	case *ssa.Store:
		return !local(instr.Addr) && !o.puts(instr) && o.live(instr.Val)
	case *ssa.Return:
		return root && (o.until == nil || o.until == instr && !o.gives) &&
			slices.ContainsFunc(instr.Results, func(v ssa.Value) bool { return o.live(returned(instr, v)) })
	case *ssa.Call:
		if ssa.Value(instr) == o.opened || !o.call(instr.Common()) {
			return false
		}
		if o.why == Later {
			o.why = Reason(fmt.Sprintf("%s at line %d may use it after the return", calledName(instr.Common()), o.pass.Fset.Position(instr.Pos()).Line))
		}
		return true
	}
	return false
}

// returned looks through the variable of a named result, which a return sets
// right before.
func returned(ret *ssa.Return, v ssa.Value) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return v
	}
	if _, ok := load.X.(*ssa.Alloc); !ok {
		return v
	}
	for _, instr := range ret.Block().Instrs {
		if store, ok := instr.(*ssa.Store); ok && store.Addr == load.X {
			v = store.Val
		}
	}
	return v
}

// calledName names what a call calls.
func calledName(c *ssa.CallCommon) string {
	if c.IsInvoke() {
		return c.Method.Name()
	}
	if fn := c.StaticCallee(); fn != nil && fn.Parent() == nil {
		return fn.Name()
	}
	return "the call"
}

// has reports whether the resource may be in a value.
func (o *later) has(v ssa.Value) bool { return o.reach[v] }

// carriesOn reports whether a resource may get on by way of a value. What a
// command answered has none, and neither has a context, unless it was made with
// it.
func (r *Result) carriesOn(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Range, *ssa.Next:
		return true // of a type that is go/ssa's own
	}
	if !isContext(v.Type()) {
		return r.carries(ssaflow.Unboxed(v).Type(), carried)
	}
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	c, ok := v.(*ssa.Call)
	return ok && slices.ContainsFunc(c.Call.Args, func(a ssa.Value) bool {
		t := ssaflow.Unboxed(a).Type()
		return !isContext(t) && r.carries(t, carried)
	})
}

// isContext reports whether a type is context.Context.
func isContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context" && n.Obj().Name() == "Context"
}

// carried is how deep types are looked into. What lies deeper may be anything.
const carried = 6

// carries reports whether a value of a type may have a resource in it, or
// something that works with one.
func (r *Result) carries(t types.Type, depth int) bool {
	t = types.Unalias(t)
	if ssaflow.IsError(t) || isContext(t) {
		return false
	}
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time" {
		return false
	}
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil && r.prog.Table.Covers(n.Obj().Pkg().Path()) {
		_, fn := n.Underlying().(*types.Signature)
		return fn || types.IsInterface(n) || r.prog.Table.Type(n.Obj()) != nil || r.handsOn(n)
	}
	if depth == 0 {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Pointer:
		return r.carries(u.Elem(), depth-1)
	case *types.Slice:
		return r.carries(u.Elem(), depth-1)
	case *types.Array:
		return r.carries(u.Elem(), depth-1)
	case *types.Map:
		return r.carries(u.Key(), depth-1) || r.carries(u.Elem(), depth-1)
	case *types.Struct:
		for f := range u.Fields() {
			if r.carries(f.Type(), depth-1) {
				return true
			}
		}
		return false
	}
	return true
}

// handsOn reports whether a library makes handles on what the fields of a value
// of a type of it have, or owners of that.
func (r *Result) handsOn(n *types.Named) bool {
	lit := r.prog.Table.Literal(n.Obj())
	return lit != nil && len(lit.Derives)+len(lit.Wraps) > 0
}

func operands(instr ssa.Instruction) []ssa.Value {
	var list []ssa.Value
	for _, p := range instr.Operands(nil) {
		list = append(list, *p)
	}
	return list
}

// local reports whether an address is of a variable of the function.
func local(addr ssa.Value) bool {
	for {
		switch a := addr.(type) {
		case *ssa.FieldAddr:
			addr = a.X
		case *ssa.IndexAddr:
			addr = a.X
		case *ssa.Alloc, *ssa.FreeVar:
			return true
		default:
			return false
		}
	}
}

// returnsOnly reports whether a call of a function of this package leaves the
// resource of a site nowhere but in what the function returns.
func (r *Result) returnsOnly(s lifetime.Site, call *ssa.Call) bool {
	o := r.later(s)
	return ssa.Value(call) != o.opened && o.leavesInResults(&call.Call, o.givenBefore(call, s.Values()))
}

// givenBefore lists the numbers of the arguments by which a call gets what some
// values lead to, whatever the call itself puts into its arguments.
func (o *later) givenBefore(call ssa.CallInstruction, from []ssa.Value) []int {
	others := func(instr ssa.Instruction) bool { return instr != call }
	return o.given(call.Common(), ssaflow.ReachWhile(others, o.carriesOn, from...))
}

func (o *later) leavesInResults(c *ssa.CallCommon, params []int) bool {
	fn := c.StaticCallee()
	if fn == nil || fn.Parent() != nil || len(fn.Blocks) == 0 {
		return false
	}
	key := fmt.Sprint("results of ", fn.RelString(nil), fn.Pos(), params)
	if o.looked[key] {
		return true
	}
	o.looked[key] = true
	var from []ssa.Value
	for _, i := range params {
		if i < len(fn.Params) {
			from = append(from, fn.Params[i])
		}
	}
	in := &later{Result: o.Result, reach: ssaflow.ReachBy(o.carriesOn, from...), library: o.library, looked: o.looked, why: Later}
	return !in.function(fn, false) && in.onlyReturns(fn, from)
}

// onlyReturns reports whether a function, and the literals in it, store what
// they are given in none but their own variables.
func (o *later) onlyReturns(fn *ssa.Function, from []ssa.Value) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if o.reach[instr.Val] && !local(instr.Addr) {
					return false
				}
			case *ssa.MapUpdate:
				if o.reach[instr.Value] || o.reach[instr.Key] {
					return false
				}
			case ssa.CallInstruction:
				c := instr.Common()
				callee := c.StaticCallee()
				if callee == nil || callee.Parent() != nil {
					continue // a method of a library, or a literal of this function
				}
				fn, ok := callee.Object().(*types.Func)
				if ok && fn.Pkg() != nil && o.prog.Table.Covers(fn.Pkg().Path()) {
					continue
				}
				if given := o.givenBefore(instr, from); len(given) > 0 && !o.leavesInResults(c, given) {
					return false
				}
			}
		}
	}
	return !slices.ContainsFunc(fn.AnonFuncs, func(f *ssa.Function) bool { return !o.onlyReturns(f, from) })
}

// live reports whether a value that comes from the resource needs it on: a
// channel that it fills, a function, a handle on it, or something that has one.
// The result of a command does not.
func (o *later) live(v ssa.Value) bool { return o.reach[v] && o.needs(v.Type(), carried) }

// needs reports whether values of a type that come from the resource need it on.
func (o *later) needs(t types.Type, depth int) bool {
	t = types.Unalias(t)
	if depth == 0 || isContext(t) {
		return false
	}
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil {
		switch path := n.Obj().Pkg().Path(); {
		case o.prog.Table.Covers(path):
			return o.prog.Table.Type(n.Obj()) != nil || o.handsOn(n)
		case path == "time":
			return false
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		return true
	case *types.Interface:
		return u.NumMethods() > 0 && !ssaflow.IsError(t)
	case interface{ Elem() types.Type }: // a pointer or a container
		return o.needs(u.Elem(), depth-1)
	case *types.Struct:
		for f := range u.Fields() {
			if o.needs(f.Type(), depth-1) {
				return true
			}
		}
	}
	return false
}

// call looks at what a call does with the resource.
func (o *later) call(c *ssa.CallCommon) bool {
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return false
	}
	if !slices.ContainsFunc(c.Args, o.has) && !o.reach[c.Value] {
		return false
	}
	if o.failed && o.ofItself(c) {
		return o.functions(c, nil) // whatever it has begun ends when it is closed
	}
	if c.IsInvoke() {
		return !(o.library && o.reach[c.Value] || o.libraryType(c.Value.Type())) || o.functions(c, nil)
	}
	callee := c.StaticCallee()
	if callee == nil {
		cleanup, ok := c.Value.(*ssa.Extract)
		return !ok || cleanup.Tuple != o.opened
	}
	if callee.Parent() != nil {
		return false // a literal of this function, which is looked at
	}
	if len(callee.Blocks) > 0 {
		if o.startsIn(c, callee) {
			o.why = Goroutine
			return true
		}
		return o.functions(c, nil)
	}
	fn, ok := callee.Object().(*types.Func)
	if !ok || fn.Pkg() == nil {
		return true
	}
	row := o.row(c)
	return row == nil && !o.known(fn.Pkg().Path()) && !o.quiet(fn) || o.functions(c, row)
}

// ofItself reports whether a call is one of a method of the resource, which gets
// it by nothing else.
func (o *later) ofItself(c *ssa.CallCommon) bool {
	recv, args := c.Value, c.Args
	if !c.IsInvoke() {
		if c.StaticCallee() == nil || c.Signature().Recv() == nil || len(args) == 0 {
			return false
		}
		recv, args = args[0], args[1:]
	}
	recv = ssaflow.Bare(recv)
	if x, ok := recv.(*ssa.Extract); ok {
		recv = x.Tuple
	}
	return recv == o.opened && !slices.ContainsFunc(args, o.has)
}

// functions reports whether a call is given a function that works with the
// resource, and may run later.
func (o *later) functions(c *ssa.CallCommon, row *redisapi.Func) bool {
	first := 0
	if c.IsInvoke() {
		first = 1 // as rows count
	}
	for i, a := range funcArgs(c) {
		if o.has(a) && !runsMeanwhile(row, i+first) {
			return true
		}
	}
	return false
}

// runsMeanwhile reports whether a function that is given to a call has run when
// the call returns.
func runsMeanwhile(row *redisapi.Func, i int) bool {
	return row != nil && (slices.Contains(row.Calls, i) ||
		slices.ContainsFunc(row.Scopes, func(s redisapi.Scope) bool { return s.Callback == i && !s.Later }))
}

// funcArgs yields the arguments that are functions. A receiver is none, even
// if it is of such a type.
func funcArgs(c *ssa.CallCommon) iter.Seq2[int, ssa.Value] {
	return func(yield func(int, ssa.Value) bool) {
		for i, a := range c.Args {
			if i == 0 && c.Signature().Recv() != nil && !c.IsInvoke() {
				continue
			}
			if _, ok := a.Type().Underlying().(*types.Signature); ok && !yield(i, a) {
				return
			}
		}
	}
}

// given lists the numbers of the arguments by which a call gets the resource.
func (o *later) given(c *ssa.CallCommon, reach ssaflow.Reach) []int {
	var list []int
	for i, a := range c.Args {
		if reach[a] {
			list = append(list, i)
		}
	}
	return list
}

// spawns reports whether a function of this package starts a goroutine that
// works with some of its parameters, or may have one started by others.
func (o *later) spawns(fn *ssa.Function, params []int) bool {
	key := fmt.Sprint(fn.RelString(nil), fn.Pos(), params)
	if o.looked[key] {
		return false
	}
	o.looked[key] = true
	var from []ssa.Value
	for _, i := range params {
		if i < len(fn.Params) {
			from = append(from, fn.Params[i])
		}
	}
	return o.spawnsIn(fn, ssaflow.ReachBy(o.carriesOn, from...))
}

// spawnsIn looks at a function and the literals in it.
func (o *later) spawnsIn(fn *ssa.Function, reach ssaflow.Reach) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if o.startsBy(instr, reach) {
				return true
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(f *ssa.Function) bool { return o.spawnsIn(f, reach) })
}

// mayStart reports whether a call may start a goroutine that works with one of
// its operands.
func (o *later) mayStart(c *ssa.CallCommon, reach ssaflow.Reach) bool {
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return false
	}
	params := o.given(c, reach)
	given := len(params) > 0
	row := o.row(c)
	for i, a := range funcArgs(c) {
		if reach[a] && !runsMeanwhile(row, i) {
			return true
		}
	}
	if c.IsInvoke() {
		pkg := c.Method.Pkg()
		return pkg != nil && !o.fails && !o.known(pkg.Path()) && (given || reach[c.Value] && (pkg == o.pass.Pkg || o.prog.Analysed(pkg)))
	}
	callee := c.StaticCallee()
	switch {
	case !given:
		return false
	case callee == nil:
		return true
	case callee.Parent() != nil:
		return false // a literal of a function that is looked at
	case len(callee.Blocks) > 0:
		return o.spawns(callee, params)
	}
	fn, ok := callee.Object().(*types.Func)
	return row == nil && !(ok && fn.Pkg() != nil && (o.known(fn.Pkg().Path()) || o.quiet(fn)))
}

// row is what is known of the function that a call calls, or nil. A function
// named Go starts a goroutine, whenever what it is given has run.
func (o *later) row(c *ssa.CallCommon) *redisapi.Func {
	callee := c.StaticCallee()
	if callee == nil || callee.Name() == "Go" {
		return nil
	}
	fn, ok := callee.Object().(*types.Func)
	if !ok || fn.Pkg() == nil {
		return nil
	}
	return o.prog.Table.Func(fn)
}

// known reports whether a package is a library's or the standard library's.
func (o *later) known(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") || o.prog.Table.Covers(path)
}

// Quiet marks a function that starts no goroutine, nor has one started: what it
// is given is used while it runs.
type Quiet struct{}

// AFact marks Quiet as a fact.
func (*Quiet) AFact() {}

// Exposes reports that a caller gets nothing by it.
func (*Quiet) Exposes() bool { return false }

func (*Quiet) String() string { return "quiet" }

// quiet reports whether a function of another package is known to be.
func (r *Result) quiet(fn *types.Func) bool { return r.pass.ImportObjectFact(fn.Origin(), &Quiet{}) }

// exportQuiet marks the functions that a resource can be given to.
func (r *Result) exportQuiet() {
	for _, fn := range r.prog.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Parent() != nil || obj.Pkg() != r.pass.Pkg || !obj.Exported() {
			continue
		}
		r.exportNeverNil(fn, obj)
		o := &later{Result: r, looked: map[string]bool{}}
		var params []int
		leads := false
		for i, p := range fn.Params {
			leads = leads || r.leadsTo(p.Type(), 3)
			if r.carries(p.Type(), carried) {
				params = append(params, i)
			}
		}
		if leads && !o.spawns(fn, params) {
			r.pass.ExportObjectFact(obj, &Quiet{})
		}
	}
}

// leadsTo reports whether a type is a library's, or has a field or elements of
// one.
func (r *Result) leadsTo(t types.Type, depth int) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if r.libraryType(t) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return r.leadsTo(u.Elem(), depth)
	case *types.Map:
		return r.leadsTo(u.Elem(), depth)
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || depth == 0 {
		return false
	}
	for f := range s.Fields() {
		if r.leadsTo(f.Type(), depth-1) {
			return true
		}
	}
	return false
}
