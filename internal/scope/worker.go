package scope

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A Stuck is a command without a bound in a worker, whose context is meant to end
// the wait, and does not interrupt the command.
type Stuck struct {
	Call     *ast.CallExpr
	What     string // the function that waits in the end, if it is not the one that is called
	Ctx      string // the context, as the code names it
	Messages bool   // it waits for the messages of a subscription
	Once     bool   // it is in no loop
}

// Stuck returns such commands, in source order. That a context is meant to end
// the wait is certain in a loop if the function asks whether it has ended, or if
// the context comes from a call that returns a func to cancel it. Elsewhere it is
// if the function asks after the wait, or compares its error with
// context.Canceled.
func (r *Result) Stuck() []Stuck {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.origins == nil {
		return nil
	}
	o := r.origins
	var list []Stuck
	within := map[*ssa.Function]bool{} // those that are reported where they wait
	find := func(fn *ssa.Function, far bool) {
		if q := o.g.requests.Of(fn); o.g.prog.InTest(fn.Pos()) || q != nil && !q.Async {
			return
		}
		for _, w := range o.all(fn) {
			if w.Kind != Forever || w.Zero >= 0 || w.loop != nil || w.Deadline || w.far != far || far && within[ssaflow.Static(w.call.Common())] {
				continue
			}
			args := ssaflow.Args(w.call.Common())
			i := slices.IndexFunc(args, func(v ssa.Value) bool { return ssaflow.IsContext(v.Type()) })
			loop := o.g.loops(fn)[w.block().Index]
			if i < 0 || !(loop && o.meansToStop(fn, args[i], w.call) || o.meansToWake(fn, args[i], w.call)) ||
				o.interrupts(fn) || o.endedElsewhere(fn, args[0]) {
				continue
			}
			call := r.source.Call(w.call.Common().Pos())
			if call == nil {
				continue
			}
			within[fn] = true
			s := Stuck{Call: call, Ctx: contextText(call, w.call), Once: !loop}
			if w.far {
				s.What = w.What
			} else if c := o.g.conduct(ssaflow.Callee(w.call.Common())); c != nil {
				s.Messages = c.Receives
			}
			list = append(list, s)
		}
	}
	for _, far := range []bool{false, true} {
		for _, fn := range o.g.prog.Funcs {
			find(fn, far)
		}
	}
	slices.SortFunc(list, func(a, b Stuck) int { return cmp.Compare(a.Call.Lparen, b.Call.Lparen) })
	return slices.CompactFunc(list, func(a, b Stuck) bool { return a.Call == b.Call })
}

// meansToStop reports whether the end of a context is meant to end the loop that
// a call is in.
func (o *origins) meansToStop(fn *ssa.Function, ctx ssa.Value, call ssa.CallInstruction) bool {
	s := o.spanOf(ctx, call)
	if s.request || slices.ContainsFunc(s.from, o.hasDeadline) {
		return false
	}
	if slices.ContainsFunc(s.from, canceled) {
		return true
	}
	field, _ := o.contextField(ctx)
	root := fn
	for root.Parent() != nil {
		root = root.Parent()
	}
	if (s.param != nil || field != nil) && o.asksAfter(root, s.param, field) {
		return true
	}
	if field != nil && o.canceledField(field) {
		return true
	}
	return s.param != nil && s.param.Parent().Parent() == nil && o.passedCancel(s.param, 0)
}

// meansToWake reports whether a function expects that the end of a context
// interrupts a call: it asks afterwards whether the context has ended, or whether
// that was the call's error.
func (o *origins) meansToWake(fn *ssa.Function, ctx ssa.Value, call ssa.CallInstruction) bool {
	s := o.spanOf(ctx, call)
	field, _ := o.contextField(ctx)
	if s.request || s.param == nil && field == nil && len(s.from) == 0 || slices.ContainsFunc(s.from, o.hasDeadline) {
		return false
	}
	for _, a := range o.g.acts[fn] {
		if args := ssaflow.Args(a.call.Common()); a.conduct.Until && len(args) > 0 && ssaflow.IsContext(args[0].Type()) && a.call != call && ssaflow.After(a.call, call) {
			if f, ok := o.contextField(args[0]); ok && f == field {
				return true
			}
			if t := o.spanOf(args[0], a.call); field == nil && t.param == s.param && slices.Equal(t.from, s.from) {
				return true
			}
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.BinOp:
				if isCanceled(instr.Y) && comesFrom(instr.X, call) {
					return true
				}
			case *ssa.Call:
				if obj := ssaflow.Callee(&instr.Call); obj != nil && obj.Name() == "Is" && obj.Pkg() != nil && obj.Pkg().Path() == "errors" &&
					len(instr.Call.Args) == 2 && isCanceled(instr.Call.Args[1]) && comesFrom(instr.Call.Args[0], call) {
					return true
				}
			}
		}
	}
	return false
}

// isCanceled reports whether a value is context.Canceled.
func isCanceled(v ssa.Value) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	g, ok := load.X.(*ssa.Global)
	return ok && g.Name() == "Canceled" && g.Pkg != nil && g.Pkg.Pkg.Path() == "context"
}

// comesFrom reports whether a value is what a call returned, or what a method of
// that returned.
func comesFrom(v ssa.Value, call ssa.CallInstruction) bool {
	for range maxContexts {
		switch x := only(v).(type) {
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.Call:
			if ssa.CallInstruction(x) == call {
				return true
			}
			args := ssaflow.Args(&x.Call)
			if len(args) == 0 || x.Call.Signature().Recv() == nil && !x.Call.IsInvoke() {
				return false
			}
			v = args[0]
		case *ssa.FieldAddr:
			v = x.X // a method from what is embedded
		case *ssa.UnOp:
			v = x.X
		case *ssa.Phi:
			return slices.ContainsFunc(x.Edges, func(e ssa.Value) bool {
				y, ok := e.(*ssa.Extract)
				return ok && comesFrom(y, call)
			})
		default:
			return false
		}
	}
	return false
}

// canceledField reports whether every context that the package puts into a field
// is ended on purpose.
func (o *origins) canceledField(field *types.Var) bool {
	if field.Exported() || field.Pkg() != o.g.pass.Pkg {
		return false
	}
	found := false
	for _, fn := range o.g.prog.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				st, ok := instr.(*ssa.Store)
				if !ok || o.g.prog.InTest(fn.Pos()) {
					continue
				}
				addr, ok := st.Addr.(*ssa.FieldAddr)
				if !ok || ssaflow.DeclaredField(addr.X.Type(), addr.Field) != field {
					continue
				}
				if s := o.spanOf(st.Val, st); !slices.ContainsFunc(s.from, canceled) || slices.ContainsFunc(s.from, o.hasDeadline) {
					return false
				}
				found = true
			}
		}
	}
	return found
}

// canceled reports whether the context that a call returns is ended on purpose: by
// a signal, or by its func where that is done more with than to defer it.
func canceled(call *ssa.Call) bool {
	if obj := ssaflow.Callee(&call.Call); obj.Pkg().Path() == "os/signal" {
		return true
	}
	for _, ref := range *call.Referrers() {
		x, ok := ref.(*ssa.Extract)
		if !ok || !ssaflow.IsFunc(x.Type()) {
			continue
		}
		for _, v := range ssaflow.Copies(x) {
			for _, use := range *v.Referrers() {
				switch use := use.(type) {
				case *ssa.Defer, *ssa.UnOp, *ssa.DebugRef:
				case *ssa.Store:
					if _, local := use.Addr.(*ssa.Alloc); !local {
						return true
					}
				case *ssa.MakeClosure:
					if !isDeferred(use) {
						return true
					}
				default:
					return true
				}
			}
		}
	}
	return false
}

func (o *origins) hasDeadline(call *ssa.Call) bool {
	c := o.g.conduct(ssaflow.Callee(&call.Call))
	return c != nil && c.Dated
}

// endedElsewhere reports whether another function closes what a command waits
// on, which it reads from the same field: that ends the command.
func (o *origins) endedElsewhere(fn *ssa.Function, waits ssa.Value) bool {
	field, ok := o.contextField(waits)
	if !ok {
		return false
	}
	for _, other := range o.g.prog.Funcs {
		if ssaflow.Encloses(other, fn) {
			continue
		}
		for _, b := range other.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				obj := ssaflow.Callee(call.Common())
				if obj == nil {
					continue
				}
				if row := o.g.table.Func(obj); row == nil || !slices.Contains(row.Releases, 0) {
					continue
				}
				if f, ok := o.contextField(ssaflow.Args(call.Common())[0]); ok && f == field {
					return true
				}
			}
		}
	}
	return false
}

// contextField is the field that a value, such as a context, is read from.
func (o *origins) contextField(v ssa.Value) (field *types.Var, ok bool) {
	load, ok := only(v).(*ssa.UnOp)
	if !ok {
		return nil, false
	}
	addr, ok := load.X.(*ssa.FieldAddr)
	if !ok {
		return nil, false
	}
	return ssaflow.DeclaredField(addr.X.Type(), addr.Field), true
}

// asksAfter reports whether a function, or a literal in it, asks whether a context
// has ended.
func (o *origins) asksAfter(fn *ssa.Function, param *ssa.Parameter, field *types.Var) bool {
	for _, a := range o.g.acts[fn] {
		args := ssaflow.Args(a.call.Common())
		if !a.conduct.Until || len(args) == 0 || !ssaflow.IsContext(args[0].Type()) {
			continue
		}
		if f, ok := o.contextField(args[0]); ok && f == field {
			return true
		}
		if s := o.spanOf(args[0], a.call); param != nil && s.param == param {
			return true
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(anon *ssa.Function) bool { return o.asksAfter(anon, param, field) })
}

// passedCancel reports whether a caller that is seen passes a context that it can
// cancel.
func (o *origins) passedCancel(param *ssa.Parameter, depth int) bool {
	fn := param.Parent()
	i := slices.Index(fn.Params, param)
	if depth >= maxCallers {
		return false
	}
	return slices.ContainsFunc(o.g.callers[fn], func(c ssa.CallInstruction) bool {
		args := c.Common().Args
		if i >= len(args) || o.g.prog.InTest(c.Pos()) {
			return false
		}
		s := o.spanOf(args[i], c)
		return slices.ContainsFunc(s.from, canceled) && !slices.ContainsFunc(s.from, o.hasDeadline) ||
			s.param != nil && s.param.Parent().Parent() == nil && o.passedCancel(s.param, depth+1)
	})
}

// interrupts reports whether a function, or one around it, starts or registers
// something that closes what the command waits on.
func (o *origins) interrupts(fn *ssa.Function) bool {
	root := fn
	for root.Parent() != nil {
		root = root.Parent()
	}
	return o.interruptsWithin(root, fn)
}

func (o *origins) interruptsWithin(fn, loop *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if g, ok := instr.(*ssa.Go); ok {
				for i := range ssaflow.Args(&g.Call) {
					if o.g.lives.Releases(g, i) {
						return true
					}
				}
			}
			mc, ok := instr.(*ssa.MakeClosure)
			if !ok || isDeferred(mc) {
				continue
			}
			f := mc.Fn.(*ssa.Function)
			if obj, ok := f.Object().(*types.Func); ok && ssaflow.IsBoundMethod(f) {
				if row := o.g.table.Func(obj); row != nil && len(row.Releases) > 0 {
					return true
				}
			}
			if !ssaflow.Encloses(f, loop) && f.Parent() != nil && o.releases(f) {
				return true
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(anon *ssa.Function) bool { return o.interruptsWithin(anon, loop) })
}
