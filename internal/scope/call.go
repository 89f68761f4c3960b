package scope

import (
	"go/types"

	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// call lets flow what a call passes in and gets back, as far as it is known
// by now which functions it runs.
func (g *graph) call(instr ssa.CallInstruction) {
	c := instr.Common()
	args := ssaflow.Args(c)
	if b, ok := c.Value.(*ssa.Builtin); ok {
		g.builtin(instr, b, args)
		return
	}
	f := ssaflow.Static(c)
	obj := c.Method
	if f != nil {
		obj, _ = f.Object().(*types.Func)
	}
	if f != nil && g.prog.HasBody(f) {
		if t, n := ssaflow.Target(f); t != nil {
			g.run(instr, t, n, args, f.Parent() == nil && n == 0)
		}
		return
	}
	if obj != nil {
		if row := g.table.Func(obj); row != nil {
			g.known(instr, row, obj, args)
		} else if !c.IsInvoke() {
			g.foreign(instr, obj, args)
		}
		return
	}
	sure := false
	n := g.node(c.Value)
	if n < 0 {
		return
	}
	for a := range g.sets[n] {
		switch a.kind {
		case function:
			sure = true
			g.run(instr, a.fn, a.n, args, false)
		case param:
			sure = true
			for i, arg := range args {
				g.flow(arg, passedNode{a.fn, a.n, i})
			}
		case yields:
			sure = true
			if y := g.yields[a.at][a.n]; y.Param < len(args) {
				g.lendBy(y.Callback, args)
			}
		}
	}
	if !sure {
		for _, arg := range args {
			g.flow(arg, passedNode{})
		}
	}
}

func (g *graph) builtin(instr ssa.CallInstruction, b *ssa.Builtin, args []ssa.Value) {
	switch b.Name() {
	case "append":
		if v := instr.Value(); v != nil {
			for _, a := range args {
				g.flow(a, v)
			}
		}
	case "copy":
		g.store(args[0], args[1])
	}
}

// result is the node of a result of a call.
func (g *graph) result(instr ssa.CallInstruction, i int) int {
	v := instr.Value()
	if v == nil {
		return -1
	}
	if t, ok := v.Type().(*types.Tuple); ok {
		if i >= t.Len() || !g.leads(t.At(i).Type()) {
			return -1
		}
		return g.node(resultNode{v, i})
	}
	return g.node(v)
}

// openings lets flow what a call opens, and returns the results that it opens.
func (g *graph) openings(instr ssa.CallInstruction) map[int]bool {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return nil
	}
	own := map[int]bool{}
	for _, o := range g.lives.Opened(call) {
		if o.At.Param || o.At.Func {
			continue
		}
		own[o.At.Index] = true
		g.add(g.result(instr, o.At.Index), atom{kind: opened, at: call})
		for _, p := range o.Also {
			own[p.Index] = true
			g.add(g.result(instr, p.Index), atom{kind: opened, at: call})
		}
	}
	return own
}

// run applies a call of a function with a body, whose first n parameters are
// bound already. The parameters of a function that is called by its name stand
// for themselves: each caller answers for what it passes.
func (g *graph) run(instr ssa.CallInstruction, f *ssa.Function, n int, args []ssa.Value, byName bool) {
	if !g.prog.HasBody(f) {
		return
	}
	if !byName {
		for i, a := range args {
			g.flow(a, boundNode{f, i + n})
		}
	}
	own := g.openings(instr)
	for i := range f.Signature.Results().Len() {
		if !own[i] {
			g.instantiate(g.node(resultNode{f, i}), g.result(instr, i), f, n, args)
		}
	}
	for _, p := range g.passed[f] {
		if p.param-n >= 0 && p.param-n < len(args) {
			from := g.node(p)
			g.lendTo(args[p.param-n], p.arg, func(to int) {
				if g.isNamed(f) {
					g.add(to, atom{kind: lent})
					return
				}
				g.instantiate(from, to, f, n, args)
			})
		}
	}
	if g.isNamed(f) {
		for i, a := range args {
			g.lendAll(g.node(a))
			if i+n < len(f.Params) {
				g.lendParam(f, i+n)
			}
		}
	}
}

// isNamed reports whether the flag says that a function is a scope.
func (g *graph) isNamed(f *ssa.Function) bool {
	obj, ok := f.Object().(*types.Func)
	return ok && g.named[obj.FullName()]
}

// lendParam marks what a named scope passes to a parameter that is a func.
func (g *graph) lendParam(f *ssa.Function, i int) {
	if sig, ok := f.Params[i].Type().Underlying().(*types.Signature); ok {
		for a := range sig.Params().Len() {
			g.add(g.node(passedNode{f, i, a}), atom{kind: lent})
		}
	}
}

// instantiate lets flow what is known in terms of a function's parameters, in
// terms of the arguments of a call of it.
func (g *graph) instantiate(from, to int, f *ssa.Function, n int, args []ssa.Value) {
	if from < 0 || to < 0 {
		return
	}
	for a := range g.sets[from] {
		switch {
		case a.kind != param || a.fn != f:
			g.add(to, a)
		case a.n-n >= 0 && a.n-n < len(args):
			g.edge(g.node(args[a.n-n]), to)
		}
	}
}

// lendTo calls f for each node that stands for parameter arg of the funcs
// that a value can be.
func (g *graph) lendTo(fn ssa.Value, arg int, f func(to int)) {
	n := g.node(fn)
	if n < 0 {
		return
	}
	for a := range g.sets[n] {
		switch a.kind {
		case function:
			f(g.node(boundNode{a.fn, arg + a.n}))
		case param:
			f(g.node(passedNode{a.fn, a.n, arg}))
		}
	}
}

// lendAll marks all clients that the funcs at a node are called with as lent.
func (g *graph) lendAll(n int) {
	if n < 0 {
		return
	}
	for a := range g.sets[n] {
		if a.kind != function {
			continue
		}
		for i := a.n; i < len(a.fn.Params); i++ {
			if g.leads(a.fn.Params[i].Type()) {
				g.add(g.node(boundNode{a.fn, i}), atom{kind: lent})
			}
		}
	}
}

// known applies a call that the knowledge has a row for.
func (g *graph) known(instr ssa.CallInstruction, row *redisapi.Func, obj *types.Func, args []ssa.Value) {
	command := g.isCommand(obj, args)
	done := map[int]bool{}
	for _, list := range [][]redisapi.Alias{row.Derives, row.Aliases} {
		for _, a := range list {
			if a.Param < len(args) {
				done[a.Result] = true
				g.edge(g.node(args[a.Param]), g.result(instr, a.Result))
			}
		}
	}
	for _, o := range row.Opens {
		done[o.Result] = true
		to := g.result(instr, o.Result)
		switch call, _ := instr.(*ssa.Call); {
		case call == nil:
		case command:
			g.add(to, atom{kind: held, at: call})
		case g.onClient(obj, args):
			g.edge(g.node(args[0]), to)
			if g.bracketed[call] {
				g.add(to, atom{kind: inline, at: call})
			}
		default:
			g.add(to, atom{kind: opened, at: call})
		}
	}
	for _, r := range row.Lends {
		done[r] = true
		if len(args) > 0 {
			g.edge(g.node(args[0]), g.result(instr, r))
		}
	}
	for _, s := range row.Scopes {
		if s.Callback < len(args) {
			a := atom{kind: lent}
			if g.outlives(args[s.Callback].Type(), s.Arg) {
				a.n = shared
			}
			g.lendTo(args[s.Callback], s.Arg, func(to int) { g.add(to, a) })
		}
	}
	if command || len(row.Commands) > 0 {
		return
	}
	for i, t := range results(obj) {
		if n := ssaflow.Named(t); !done[i] && n != nil && g.table.Type(n.Obj()) != nil {
			for _, a := range args {
				g.edge(g.node(g.asked(a)), g.result(instr, i))
			}
		}
	}
}

// asked is the client that a command's reply came from, which is read on by an
// iterator made of it. For all other values it is the value itself.
func (g *graph) asked(v ssa.Value) ssa.Value {
	call, ok := v.(*ssa.Call)
	if !ok || g.leads(v.Type()) {
		return v
	}
	if obj := ssaflow.Callee(&call.Call); obj != nil && g.isCommand(obj, ssaflow.Args(&call.Call)) {
		return ssaflow.Args(&call.Call)[0]
	}
	return v
}

// outlives reports whether what a library lends to a callback is no
// transaction or connection of its own, but a client that lives on.
func (g *graph) outlives(callback types.Type, arg int) bool {
	sig, ok := callback.Underlying().(*types.Signature)
	if !ok || arg >= sig.Params().Len() {
		return true
	}
	n := ssaflow.Named(sig.Params().At(arg).Type())
	if n == nil {
		return true
	}
	typ := g.table.Type(n.Obj())
	return typ == nil || typ.Kind != redisapi.Handle && typ.Kind != redisapi.Dedicated
}

func results(obj *types.Func) []types.Type {
	var list []types.Type
	for v := range obj.Type().(*types.Signature).Results().Variables() {
		list = append(list, v.Type())
	}
	return list
}

// isCommand reports whether a method call is a Redis command.
func (g *graph) isCommand(obj *types.Func, args []ssa.Value) bool {
	if obj == nil || obj.Type().(*types.Signature).Recv() == nil || len(args) == 0 {
		return false
	}
	return g.table.CommandOn(g.client(args[0]).Type(), obj)
}

// onClient reports whether the receiver of a method call issues commands
// itself, as a pool does not.
func (g *graph) onClient(obj *types.Func, args []ssa.Value) bool {
	if obj.Type().(*types.Signature).Recv() == nil || len(args) == 0 {
		return false
	}
	n := ssaflow.Named(g.client(args[0]).Type())
	if n == nil {
		return false
	}
	typ := g.table.Type(n.Obj())
	return typ != nil && typ.Kind != redisapi.Pool
}

// client looks through the embedded fields of a library's types to the value
// that a method was selected from.
func (g *graph) client(v ssa.Value) ssa.Value {
	for {
		var x ssa.Value
		var i int
		w := v
		if u, ok := w.(*ssa.UnOp); ok {
			w = u.X
		}
		switch w := w.(type) {
		case *ssa.FieldAddr:
			x, i = w.X, w.Field
		case *ssa.Field:
			x, i = w.X, w.Field
		default:
			return v
		}
		if f := ssaflow.Field(x.Type(), i); f == nil || !f.Embedded() || !g.ofLibrary(x.Type()) {
			return v
		}
		v = x
	}
}

// foreign applies a call of another package's function by its fact.
func (g *graph) foreign(instr ssa.CallInstruction, obj *types.Func, args []ssa.Value) {
	own := g.openings(instr)
	if g.named[obj.Origin().FullName()] {
		for _, a := range args {
			g.lendAll(g.node(a))
		}
		return
	}
	fact := new(FuncFact)
	if !g.pass.ImportObjectFact(obj.Origin(), fact) {
		// Perhaps one that returns what it is given, such as must.
		for i, t := range results(obj) {
			for _, a := range args {
				if !own[i] && types.Identical(t, a.Type()) {
					g.edge(g.node(a), g.result(instr, i))
				}
			}
		}
		return
	}
	for _, r := range fact.Results {
		if own[r.Result] {
			continue
		}
		to := g.result(instr, r.Result)
		if r.Outside {
			g.add(to, atom{kind: outside})
		}
		for _, p := range r.Params {
			if p < len(args) {
				g.edge(g.node(args[p]), to)
			}
		}
	}
	for _, cb := range fact.Callbacks {
		if cb.Param < len(args) {
			g.lendBy(cb, args)
		}
	}
	g.yields[instr] = fact.Yields
	for i, y := range fact.Yields {
		g.add(g.result(instr, y.Result), atom{kind: yields, at: instr, n: i})
	}
}

// lendBy lends to the func that a call is given what a fact says.
func (g *graph) lendBy(cb Callback, args []ssa.Value) {
	g.lendTo(args[cb.Param], cb.Arg, func(to int) {
		switch {
		case cb.Made:
			g.add(to, atom{kind: lent, n: made})
		case cb.Scoped:
			g.add(to, atom{kind: lent})
		}
		if cb.Outside {
			g.add(to, atom{kind: outside})
		}
		for _, p := range cb.Params {
			if p < len(args) {
				g.edge(g.node(args[p]), to)
			}
		}
	})
}
