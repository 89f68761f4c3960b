package scope

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A Registration is a call that keeps a client reachable for ever, although
// the client is soon closed.
type Registration struct {
	Call   *ast.CallExpr
	Client string // as the code names it
	By     Closer // who closes it
}

// A Closer is who closes a client that something keeps.
type Closer uint8

// The closers.
const (
	ByScope   Closer = iota // a scope
	ByHandler               // the handler of a request, which opened it
	ByOpener                // another function that opened it, and is done soon
)

// A registering is a call that keeps a value for ever.
type registering struct {
	call ssa.CallInstruction
	v    ssa.Value
}

// computeRegistrations finds what is kept for ever, and the parameters by
// which functions get it.
func (o *origins) computeRegistrations() {
	seen := map[registering]bool{}
	note := func(call ssa.CallInstruction, v ssa.Value) bool {
		r := registering{call, v}
		if seen[r] {
			return false
		}
		seen[r] = true
		o.registrations = append(o.registrations, r)
		for _, p := range o.of(o.g.node(v)).params {
			o.registers[p] = true
		}
		return true
	}
	for _, fn := range o.g.prog.Funcs {
		for _, a := range o.g.acts[fn] {
			args := ssaflow.Args(a.call.Common())
			if len(a.conduct.Registers) > 0 && o.passing(a, args) {
				continue
			}
			for _, i := range a.conduct.Registers {
				for _, v := range clientsOf(o.g, args[i], 2) {
					note(a.call, v)
				}
			}
		}
		for _, call := range o.g.foreigns[fn] {
			fact := new(FuncFact)
			if o.g.pass.ImportObjectFact(ssaflow.Callee(call.Common()).Origin(), fact) {
				for _, i := range fact.Registers {
					note(call, call.Common().Args[i])
				}
			}
		}
	}
	for again := len(o.registers) > 0; again; {
		again = false
		for _, fn := range o.g.prog.Funcs {
			for _, call := range o.g.bodies[fn] {
				f := ssaflow.Static(call.Common())
				for i, v := range call.Common().Args {
					if o.registers[parameter{f, i}] && f.Parent() == nil {
						again = note(call, v) || again
					}
				}
			}
		}
	}
}

// passing reports whether what keeps a value does so for a while only: the
// function has made it, or takes the value back.
func (o *origins) passing(a act, args []ssa.Value) bool {
	if isMethod(a) {
		call, ok := only(ssaflow.Unboxed(args[0])).(*ssa.Call)
		if ok && !types.IsInterface(call.Type()) {
			if obj := ssaflow.Callee(&call.Call); obj != nil && obj.Pkg() == a.obj.Pkg() && obj.Signature().Recv() == nil {
				return true
			}
		}
	}
	return o.takesBack(a.call.Parent(), a)
}

func isMethod(a act) bool { return a.obj.Signature().Recv() != nil }

// takesBack reports whether a function, or a literal in it, takes something back
// from what a call of it registers with.
func (o *origins) takesBack(fn *ssa.Function, registers act) bool {
	for _, a := range o.g.acts[fn] {
		if !a.conduct.Unregisters || isMethod(a) != isMethod(registers) || a.obj.Pkg() != registers.obj.Pkg() {
			continue
		}
		if !isMethod(a) || only(ssaflow.Args(a.call.Common())[0]) == only(ssaflow.Args(registers.call.Common())[0]) {
			return true
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(anon *ssa.Function) bool { return o.takesBack(anon, registers) })
}

// clientsOf returns the clients that a value is, or that a call in so many
// steps made it of.
func clientsOf(g *graph, v ssa.Value, depth int) []ssa.Value {
	switch x := v.(type) {
	case *ssa.MakeInterface:
		if !g.isClient(v.Type()) && !g.isClient(x.X.Type()) {
			return clientsOf(g, x.X, depth)
		}
		return []ssa.Value{x.X}
	case *ssa.ChangeInterface:
		if !g.isClient(v.Type()) {
			return clientsOf(g, x.X, depth)
		}
	}
	if g.isClient(v.Type()) {
		return []ssa.Value{v}
	}
	if depth == 0 {
		return nil
	}
	var list []ssa.Value
	if args, ok := ssaflow.Variadic(v); ok {
		for _, a := range args {
			list = append(list, clientsOf(g, a, depth)...)
		}
	} else if call, ok := v.(*ssa.Call); ok {
		for _, a := range ssaflow.Args(&call.Call) {
			list = append(list, clientsOf(g, a, depth-1)...)
		}
	}
	return list
}

// Registrations returns the calls that keep a short-lived client reachable for
// ever, in source order.
func (r *Result) Registrations() []Registration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.registrations()
}

func (r *Result) registrations() []Registration {
	if r.origins == nil {
		return nil
	}
	o := r.origins
	found := map[token.Pos]Registration{}
	for _, reg := range o.registrations {
		pos := reg.call.Common().Pos()
		if !pos.IsValid() || o.g.prog.InTest(pos) {
			continue
		}
		from := o.of(o.g.node(reg.v))
		by := ByScope
		if !from.firm || from.outside {
			var ok bool
			if by, ok = o.closedByOpener(reg); !ok {
				continue
			}
		}
		if call := r.source.Call(pos); call != nil {
			found[pos] = Registration{Call: call, Client: clientName(call, reg), By: by}
		}
	}
	list := make([]Registration, 0, len(found))
	for _, f := range found {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b Registration) int { return cmp.Compare(a.Call.Pos(), b.Call.Pos()) })
	return list
}

// clientName is what a call registers, as the code names it.
func clientName(call *ast.CallExpr, reg registering) string {
	args := ssaflow.Args(reg.call.Common())
	at := slices.IndexFunc(args, func(v ssa.Value) bool {
		return v == reg.v || ssaflow.Unboxed(v) == reg.v
	})
	if reg.call.Common().IsInvoke() || reg.call.Common().Signature().Recv() != nil {
		at--
	}
	if at >= 0 && at < len(call.Args) {
		if id, ok := call.Args[at].(*ast.Ident); ok {
			return id.Name
		}
		if sel, ok := call.Args[at].(*ast.SelectorExpr); ok {
			return types.ExprString(sel)
		}
	}
	return "the client"
}

// closedByOpener reports whether a client is closed by the function that opened
// it, which answers a request or is done soon.
func (o *origins) closedByOpener(reg registering) (by Closer, ok bool) {
	n := o.g.node(reg.v)
	if n < 0 || len(o.g.sets[n]) == 0 {
		return by, false
	}
	by = ByHandler
	for a := range o.g.sets[n] {
		if a.kind != opened || !o.closed(a.at) {
			return by, false
		}
		if fn := a.at.Parent(); o.g.requests.Of(fn) == nil {
			if by = ByOpener; !o.g.requests.Brief(fn, reg.call) {
				return by, false
			}
		}
	}
	return by, true
}

// closed reports whether what an instruction opens is released on all paths of
// the function it is in.
func (o *origins) closed(at ssa.Instruction) bool {
	for _, res := range o.g.resources {
		if res.Instr == at {
			return len(res.Leaks)+len(res.Moved) == 0 && o.g.lives.Released(res) && o.releasedIn(at.Parent(), at)
		}
	}
	return false
}

// releasedIn reports whether a function, or a literal in it, releases what an
// instruction opens.
func (o *origins) releasedIn(fn *ssa.Function, at ssa.Instruction) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok && o.releasesOpened(call, at) {
				return true
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(anon *ssa.Function) bool { return o.releasedIn(anon, at) })
}
