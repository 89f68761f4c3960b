package scope

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// An Ended is a deferred call that takes back what was put on the server, such as
// a lock, by a context that may have ended when it runs. It then does nothing.
type Ended struct {
	Call *ast.CallExpr
	Ctx  string // the context, as the code names it
	Why  End
	What string // the deferred call, if it is one in a function of another package that is called
}

// An End says why a context has ended when a deferred call runs.
type End uint8

// The ends.
const (
	OfRequest End = iota // it ends when the client of the request has gone
	Timed                // it has a deadline, and there is work before
	Canceled             // the func that cancels it is deferred later, so that it runs before
	Awaited              // the function returns because it has ended
)

// Ended returns such calls, in source order. A context that the function is given
// counts if a caller that is seen passes one that ends, or if the function waits
// for its end.
func (r *Result) Ended() []Ended {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.origins == nil {
		return nil
	}
	o := r.origins
	var list []Ended
	for _, fn := range o.g.prog.Funcs {
		if o.g.prog.InTest(fn.Pos()) || fn.Parent() == nil && (fn.Name() == "main" || fn.Name() == "init") {
			continue
		}
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				d, ok := instr.(*ssa.Defer)
				if !ok {
					continue
				}
				for _, f := range o.freed(d) {
					why, ok := o.ended(fn, d, f.ctx, 0)
					if !ok {
						continue
					}
					if c := r.source.Call(f.call.Common().Pos()); c != nil {
						list = append(list, Ended{Call: c, Ctx: contextText(c, f.call), Why: why})
					}
				}
			}
		}
		o.endedFar(fn, func(call *ssa.Call, ctx ssa.Value, why End, what string) {
			if c := r.source.Call(call.Call.Pos()); c != nil {
				list = append(list, Ended{c, argText(c, call, ctx), why, what})
			}
		})
	}
	slices.SortFunc(list, func(a, b Ended) int { return cmp.Compare(a.Call.Lparen, b.Call.Lparen) })
	return slices.CompactFunc(list, func(a, b Ended) bool { return a.Call == b.Call })
}

// contextText is the context that a call is given, as the code names it.
func contextText(c *ast.CallExpr, call ssa.CallInstruction) string {
	args := ssaflow.Args(call.Common())
	if i := slices.IndexFunc(args, func(v ssa.Value) bool { return ssaflow.IsContext(v.Type()) }); i >= 0 {
		return argText(c, call, args[i])
	}
	return "its context"
}

// argText is an argument of a call that is a context, as the code names it.
func argText(c *ast.CallExpr, call ssa.CallInstruction, arg ssa.Value) string {
	i := slices.Index(ssaflow.Args(call.Common()), arg)
	if call.Common().IsInvoke() || call.Common().Signature().Recv() != nil {
		i--
	}
	if i < 0 || i >= len(c.Args) {
		return "its context"
	}
	return types.ExprString(c.Args[i])
}

// A freeing is a call that takes something back, and the context that it has.
type freeing struct {
	call ssa.CallInstruction
	ctx  ssa.Value
}

// freed returns what a deferred call takes back, itself or in a literal.
func (o *origins) freed(d *ssa.Defer) []freeing {
	lit := ssaflow.FuncOf(d.Call.Value)
	if lit == nil || lit.Parent() == nil {
		return o.frees1(d)
	}
	var list []freeing
	for _, b := range lit.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || isGo(call) {
				continue
			}
			for _, f := range o.frees1(call) {
				if p, ok := only(f.ctx).(*ssa.Parameter); ok && p.Parent() == lit {
					if i := slices.Index(lit.Params, p); i < len(d.Call.Args) {
						f.ctx = d.Call.Args[i]
					}
				}
				list = append(list, f)
			}
		}
	}
	return list
}

// frees1 returns what a call takes back.
func (o *origins) frees1(call ssa.CallInstruction) []freeing {
	c := call.Common()
	args := ssaflow.Args(c)
	var list []freeing
	if f := ssaflow.Static(c); f != nil && o.g.prog.HasBody(f) {
		for _, i := range o.freesWith(f) {
			list = append(list, freeing{call, args[i]})
		}
		return list
	}
	obj := ssaflow.Callee(c)
	if obj == nil {
		return nil
	}
	conduct := o.g.conduct(obj)
	frees := conduct != nil && conduct.Unlocks || o.g.isCommand(obj, args) && o.g.table.Frees(obj.Name())
	if conduct != nil && conduct.Names >= 0 && conduct.Names < len(args) {
		frees = frees || o.g.table.Frees(text(args[conduct.Names]))
	}
	if !frees {
		for _, i := range o.freedOf(obj, c.IsInvoke()) {
			if i < len(args) {
				list = append(list, freeing{call, args[i]})
			}
		}
		return list
	}
	for _, a := range args {
		if ssaflow.IsContext(a.Type()) {
			return []freeing{{call, a}}
		}
	}
	return nil
}

// freesWith returns the parameters of a function that are contexts with which it
// takes something back.
func (o *origins) freesWith(fn *ssa.Function) []int {
	if list, ok := o.frees[fn]; ok || !slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return ssaflow.IsContext(p.Type()) }) {
		return list
	}
	o.frees[fn] = nil // while it is looked at
	var list []int
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			for _, f := range o.frees1(call) {
				if s := o.spanOf(f.ctx, f.call); s.param != nil && s.param.Parent() == fn {
					if i := slices.Index(fn.Params, s.param); !slices.Contains(list, i) {
						list = append(list, i)
					}
				}
			}
		}
	}
	slices.Sort(list)
	o.frees[fn] = list
	return list
}

// A span is what is known of how long a context lasts.
type span struct {
	request bool           // as long as a request
	param   *ssa.Parameter // as long as this one
	from    []*ssa.Call    // what gave it a deadline or a func that cancels it, last first
}

// spanOf finds it. What is not understood lasts for ever. A variable that several
// contexts are put into has the one that an instruction finds there.
func (o *origins) spanOf(v ssa.Value, at ssa.Instruction) (s span) {
	for range maxContexts {
		if v, at = settled(v, at); v == nil {
			return span{}
		}
		switch x := v.(type) {
		case *ssa.MakeInterface:
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.Parameter:
			if q := o.g.requests.Of(x.Parent()); q != nil && q.Carrier == x && ssaflow.IsContext(x.Type()) && !q.Entry {
				s.request = true
			} else if ssaflow.IsContext(x.Type()) {
				s.param = x
			}
			return s
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.Call:
			obj := ssaflow.Callee(&x.Call)
			if obj == nil || obj.Pkg() == nil {
				return s
			}
			c := o.g.conduct(obj)
			switch {
			case c != nil && c.Ends:
				s.request = true
				return s
			case c != nil && (c.Dated || c.Cancels):
				s.from = append(s.from, x)
			case obj.Pkg().Path() == "context" && obj.Name() == "WithValue", strings.HasPrefix(obj.Name(), "Start"):
				// It lasts as long as its parent; a span of a trace does.
			default:
				return s
			}
			i := slices.IndexFunc(x.Call.Args, func(a ssa.Value) bool { return ssaflow.IsContext(a.Type()) })
			if i < 0 {
				return s
			}
			v = x.Call.Args[i]
		default:
			return s
		}
	}
	return span{}
}

// settled is only, for a variable that several values are put into: the last one
// before an instruction, if that is certain. It returns where that was put, too.
func settled(v ssa.Value, at ssa.Instruction) (ssa.Value, ssa.Instruction) {
	if w := only(v); w != nil {
		return w, at
	}
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return nil, nil
	}
	addr := load.X
	for range maxContainers {
		free, ok := addr.(*ssa.FreeVar)
		if !ok {
			break
		}
		addr = ssaflow.Binding(free)
	}
	a, ok := addr.(*ssa.Alloc)
	if !ok {
		return nil, nil
	}
	if load.Parent() == a.Parent() {
		at = load
	}
	for at != nil && at.Parent() != a.Parent() { // of a literal: when that is made
		mc := ssaflow.Maker(at.Parent())
		if mc == nil {
			return nil, nil
		}
		at = mc
	}
	if at == nil {
		return nil, nil
	}
	var last *ssa.Store
	stores := 0
	for _, ref := range *a.Referrers() {
		st, ok := ref.(*ssa.Store)
		if !ok || st.Addr != ssa.Value(a) {
			continue
		}
		stores++
		switch {
		case !ssaflow.After(at, st):
			if load.Parent() != a.Parent() {
				return nil, nil // it is read later, in a literal
			}
		case !precedes(st, at) || last != nil && !precedes(st, last) && !precedes(last, st):
			return nil, nil
		case last == nil || precedes(last, st):
			last = st
		}
	}
	if last == nil || stores != len(ssaflow.StoredIn(a)) {
		return nil, nil // a literal writes to it
	}
	return last.Val, last
}

// precedes reports whether an instruction has run whenever another one does.
func precedes(first, second ssa.Instruction) bool {
	if first.Block() != second.Block() {
		return first.Block().Dominates(second.Block())
	}
	for _, instr := range first.Block().Instrs {
		if instr == first {
			return true
		}
		if instr == second {
			return false
		}
	}
	return false
}

// maxCallers bounds the calls between a function and one that knows how long the
// context lasts that it passes.
const maxCallers = 3

// ended reports whether a context may have ended when a deferred call of a
// function runs, and why.
func (o *origins) ended(fn *ssa.Function, d *ssa.Defer, ctx ssa.Value, depth int) (why End, ok bool) {
	s := o.spanOf(ctx, d)
	if s.request {
		return OfRequest, true
	}
	for _, call := range s.from {
		if call.Parent() != fn && !ssaflow.Encloses(call.Parent(), fn) {
			continue // of the deferred literal itself
		}
		if o.cancelsFirst(call, d) {
			return Canceled, true
		}
		if c := o.g.conduct(ssaflow.Callee(&call.Call)); c != nil && c.Dated && o.worksAfter(fn, d) {
			return Timed, true
		}
	}
	if o.awaits(fn, d, s) {
		return Awaited, true
	}
	if s.param == nil || s.param.Parent() != fn {
		return 0, false
	}
	return o.passedEnding(fn, slices.Index(fn.Params, s.param), depth, func() bool { return o.worksAfter(fn, d) })
}

// passedEnding reports whether a caller that is seen passes a context that ends.
func (o *origins) passedEnding(fn *ssa.Function, i, depth int, works func() bool) (why End, ok bool) {
	if depth >= maxCallers {
		return 0, false
	}
	for _, c := range o.g.callers[fn] {
		args := c.Common().Args
		if i >= len(args) || isGo(c) || o.g.prog.InTest(c.Pos()) {
			continue
		}
		s := o.spanOf(args[i], c)
		switch {
		case s.request:
			return OfRequest, true
		case slices.ContainsFunc(s.from, func(call *ssa.Call) bool {
			k := o.g.conduct(ssaflow.Callee(&call.Call))
			return k != nil && k.Dated
		}) && works():
			return Timed, true
		case s.param != nil && s.param.Parent() == c.Parent():
			if why, ok := o.passedEnding(c.Parent(), slices.Index(c.Parent().Params, s.param), depth+1, works); ok {
				return why, true
			}
		}
	}
	return 0, false
}

// cancelsFirst reports whether what ends a context surely runs before a deferred
// call: its func is deferred later, or the function waits for the group that it
// belongs to.
func (o *origins) cancelsFirst(call *ssa.Call, d *ssa.Defer) bool {
	for _, ref := range *call.Referrers() {
		x, ok := ref.(*ssa.Extract)
		if !ok || ssaflow.IsContext(x.Type()) {
			continue
		}
		for _, v := range ssaflow.Copies(x) {
			for _, use := range *v.Referrers() {
				switch use := use.(type) {
				case *ssa.Defer:
					if use.Call.Value == v && use.Parent() == d.Parent() && ssaflow.After(use, d) && !ssaflow.After(d, use) {
						return true
					}
				case *ssa.Call:
					obj := ssaflow.Callee(&use.Call)
					if obj != nil && obj.Name() == "Wait" && len(use.Call.Args) > 0 && use.Call.Args[0] == v && use.Parent() == d.Parent() && ssaflow.After(use, d) {
						return true
					}
				}
			}
		}
	}
	return false
}

// worksAfter reports whether a function does some work once a call was deferred:
// it calls something of the program, or waits.
func (o *origins) worksAfter(fn *ssa.Function, d *ssa.Defer) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok || !ssaflow.After(call, d) {
				continue
			}
			if _, ok := call.Call.Value.(*ssa.Builtin); ok {
				continue
			}
			obj := ssaflow.Callee(&call.Call)
			if obj == nil || slices.ContainsFunc(ssaflow.Args(&call.Call), func(v ssa.Value) bool { return ssaflow.IsContext(v.Type()) }) {
				return true
			}
			if f := ssaflow.Static(&call.Call); f != nil && o.g.prog.HasBody(f) {
				return true
			}
			if c := o.g.conduct(obj); c != nil && c.Slow {
				return true
			}
		}
	}
	return false
}

// awaits reports whether a function asks after the end of the context that a
// deferred call of it has, once the call was deferred: it then returns because the
// context has ended.
func (o *origins) awaits(fn *ssa.Function, d *ssa.Defer, s span) bool {
	if s.param == nil && len(s.from) == 0 {
		return false
	}
	for _, a := range o.g.acts[fn] {
		call, ok := a.call.(*ssa.Call)
		if !ok || !a.conduct.Until || !ssaflow.After(call, d) || a.obj.Name() == "Deadline" {
			continue
		}
		args := ssaflow.Args(&call.Call)
		if len(args) == 0 || !ssaflow.IsContext(args[0].Type()) || call.Call.Signature().Recv() == nil && !call.Call.IsInvoke() {
			continue
		}
		t := o.spanOf(args[0], call)
		if t.param == s.param && slices.Equal(t.from, s.from) {
			return true
		}
	}
	return false
}
