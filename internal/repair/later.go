package repair

import (
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
	library bool // the resource is a library's, and so are its methods
	looked  map[*ssa.Function]bool
}

// mayUseLater reports whether something may use the resource of a site after
// its function has returned.
func (r *Result) mayUseLater(s lifetime.Site) bool {
	opened, _ := s.Instr().(ssa.Value)
	o := &later{Result: r, opened: opened, reach: ssaflow.ReachFrom(s.Values()...), library: r.ofLibrary(s), looked: map[*ssa.Function]bool{}}
	return o.function(s.Func(), true)
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

// function looks at one function and the literals in it.
func (o *later) function(fn *ssa.Function, root bool) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if o.instr(instr, root) {
				return true
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(f *ssa.Function) bool { return o.function(f, false) })
}

func (o *later) instr(instr ssa.Instruction, root bool) bool {
	switch instr := instr.(type) {
	case *ssa.Go:
		return slices.ContainsFunc(operands(instr), o.has)
	case *ssa.Send:
		return o.live(instr.X)
	case *ssa.MapUpdate:
		return o.live(instr.Value)
	case *ssa.Store:
		return !local(instr.Addr) && o.live(instr.Val)
	case *ssa.Return:
		return root && slices.ContainsFunc(instr.Results, o.live)
	case *ssa.Call:
		return o.call(instr.Common())
	}
	return false
}

func (o *later) has(v ssa.Value) bool { return o.reach[v] }

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

// live reports whether a value that comes from the resource needs it on: a
// channel that it fills, a function, a handle on it. The result of a command
// does not.
func (o *later) live(v ssa.Value) bool {
	if !o.reach[v] {
		return false
	}
	t := types.Unalias(v.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil && o.prog.Table.Covers(n.Obj().Pkg().Path()) {
		return o.prog.Table.Type(n.Obj()) != nil
	}
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		return true
	case *types.Interface:
		return u.NumMethods() > 0 && !ssaflow.IsError(t)
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
		return o.functions(c, nil) || o.spawns(callee)
	}
	fn, ok := callee.Object().(*types.Func)
	if !ok || fn.Pkg() == nil {
		return true
	}
	row := o.row(c)
	return row == nil && !o.known(fn.Pkg().Path()) && !o.quiet(fn) || o.functions(c, row)
}

// functions reports whether a call is given a function that works with the
// resource, and may run later.
func (o *later) functions(c *ssa.CallCommon, row *redisapi.Func) bool {
	first := 0
	if c.IsInvoke() {
		first = 1 // as rows count
	}
	for i, a := range funcArgs(c) {
		if o.reach[a] && !runsMeanwhile(row, i+first) {
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

// spawns reports whether a function of this package starts a goroutine, or
// may have one started by others.
func (o *later) spawns(fn *ssa.Function) bool {
	if o.looked[fn] {
		return false
	}
	o.looked[fn] = true
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Go, *ssa.Send:
				return true
			case ssa.CallInstruction:
				if o.mayStart(instr.Common()) {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, o.spawns)
}

// mayStart reports whether a call may start a goroutine that works with one of
// its operands.
func (o *later) mayStart(c *ssa.CallCommon) bool {
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return false
	}
	given := slices.ContainsFunc(c.Args, func(a ssa.Value) bool {
		return o.leadsTo(ssaflow.Unboxed(a).Type(), 3)
	})
	row := o.row(c)
	for i := range funcArgs(c) {
		if !runsMeanwhile(row, i) {
			return true
		}
	}
	if c.IsInvoke() {
		pkg := c.Method.Pkg()
		return pkg != nil && !o.known(pkg.Path()) && (given || pkg == o.pass.Pkg || o.prog.Analysed(pkg))
	}
	callee := c.StaticCallee()
	switch {
	case callee == nil:
		return given
	case len(callee.Blocks) > 0:
		return o.spawns(callee)
	}
	fn, ok := callee.Object().(*types.Func)
	return given && row == nil && !(ok && fn.Pkg() != nil && (o.known(fn.Pkg().Path()) || o.quiet(fn)))
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
		o := &later{Result: r, looked: map[*ssa.Function]bool{}}
		if slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return r.leadsTo(p.Type(), 3) }) && !o.spawns(fn) {
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

// certain reports whether what a site opens is there whenever its error is nil,
// and never belongs to somebody else.
func (r *Result) certain(s lifetime.Site) bool {
	if s.Open().Lent {
		return false
	}
	c, ok := s.Instr().(ssa.CallInstruction)
	if !ok || s.Open().Err >= 0 {
		return true
	}
	callee := c.Common().StaticCallee()
	if callee == nil {
		// A method of a library's interface.
		return c.Common().IsInvoke() && r.libraryType(c.Common().Value.Type())
	}
	if fn, ok := callee.Object().(*types.Func); ok && fn.Pkg() != nil && r.prog.Table.Covers(fn.Pkg().Path()) {
		return true
	}
	if len(callee.Blocks) == 0 {
		return false
	}
	for _, b := range callee.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		if s.Open().At.Param || s.Open().At.Index >= len(ret.Results) {
			return false // behind a parameter: nothing tells what is there
		}
		if mayBeNil(ret.Results[s.Open().At.Index], map[ssa.Value]bool{}) {
			return false
		}
	}
	return true
}

// mayBeNil reports whether a value is nil on some way, as far as it is made
// here.
func mayBeNil(v ssa.Value, seen map[ssa.Value]bool) bool {
	if seen[v] {
		return false
	}
	seen[v] = true
	switch v := ssaflow.Bare(v).(type) {
	case *ssa.Const:
		return v.IsNil()
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return mayBeNil(e, seen) })
	case *ssa.Alloc, *ssa.Call:
		return false
	}
	return true
}
