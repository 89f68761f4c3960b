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

// A Stream is a place where a request handler waits for one message after the
// other, and does not hear of the request's end.
type Stream struct {
	Pos, End token.Pos
	What     string // the channel that is read or the function that is called, as the code names it
	Call     bool   // it is a function
	Far      bool   // the loop is in the function that is called
}

// Streams returns the loops over messages that do not end when the request
// does on behalf of which they run, in source order.
func (r *Result) Streams() []Stream {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.streams()
}

func (r *Result) streams() []Stream {
	if r.origins == nil {
		return nil
	}
	o := r.origins
	found := map[token.Pos]Stream{}
	for _, fn := range o.g.prog.Funcs {
		if q := o.g.requests.Of(fn); q == nil || q.Async {
			continue
		}
		for _, w := range o.all(fn) {
			if w.Kind != Endless {
				continue
			}
			if w.loop == nil {
				f := ssaflow.Static(w.call.Common())
				if o.g.prog.HasBody(f) && o.g.requests.Of(f) != nil {
					continue // reported there
				}
			}
			if s, ok := r.stream(w); ok {
				found[s.Pos] = s
			}
		}
	}
	list := make([]Stream, 0, len(found))
	for _, s := range found {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b Stream) int { return cmp.Compare(a.Pos, b.Pos) })
	return list
}

// stream describes a loop, or a call that ends up in one, by its source.
func (r *Result) stream(w wait) (Stream, bool) {
	var n ast.Node
	switch instr := w.loop.(type) {
	case *ssa.UnOp:
		n = r.source.Receive(instr.Pos())
	case *ssa.Select:
		for _, st := range instr.States {
			if st.Dir == types.RecvOnly && r.origins.messages(st.Chan) != nil {
				n = r.source.Receive(st.Pos)
			}
		}
	case ssa.CallInstruction:
		if call := r.source.Call(instr.Common().Pos()); call != nil {
			return Stream{Pos: call.Pos(), End: call.End(), What: types.ExprString(call.Fun), Call: true}, true
		}
	case nil:
		if call := r.source.Call(w.call.Common().Pos()); call != nil {
			return Stream{Pos: call.Pos(), End: call.End(), What: types.ExprString(call.Fun), Call: true, Far: true}, true
		}
	}
	if x, ok := n.(ast.Expr); ok {
		return Stream{Pos: x.Pos(), End: x.End(), What: types.ExprString(x)}, true
	}
	return Stream{}, false
}

// endless returns the loops of a function that wait for messages and end by
// nothing but those.
func (o *origins) endless(fn *ssa.Function) []wait {
	var list []wait
	add := func(instr ssa.Instruction) {
		list = append(list, wait{WaitFact: WaitFact{What: "messages", Kind: Endless, Zero: -1, Ctx: -1}, loop: instr})
	}
	receives := map[ssa.Instruction]act{}
	for _, a := range o.g.acts[fn] {
		call, ok := a.call.(*ssa.Call)
		if !ok || !a.conduct.Receives && a.conduct.Waits == nil {
			continue
		}
		if o.g.loops(fn)[call.Block().Index] {
			receives[call] = a
		} else if a.conduct.Receives && takesFunc(a.obj) && a.conduct.Waits.Deadline && !o.asks(fn) {
			// It calls a func with each message until its context ends.
			if kind, _ := o.context(fn, ssaflow.Args(call.Common())[a.conduct.Waits.Ctx]); kind == background {
				add(call)
			}
		}
	}
	if !o.mayReceive(fn) && len(receives) == 0 {
		return list
	}
	for _, b := range fn.Blocks {
		if !o.g.loops(fn)[b.Index] {
			continue
		}
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if instr.Op != token.ARROW || !o.own(fn, o.messages(instr.X)) {
					continue
				}
			case *ssa.Select:
				ok := false
				for _, st := range instr.States {
					ok = ok || st.Dir == types.RecvOnly && o.own(fn, o.messages(st.Chan))
				}
				if !ok {
					continue
				}
			case *ssa.Call:
				a, ok := receives[instr]
				if !ok || a.conduct.Waits.Ctx < 0 && o.g.bounds || !o.waitsLong(fn, a) ||
					a.conduct.Receives && !o.own(fn, ssaflow.Args(&instr.Call)[0]) {
					continue
				}
			default:
				continue
			}
			if !o.asks(fn) && !o.ends(fn, instr) {
				add(instr)
			}
		}
	}
	return list
}

// takesFunc reports whether a parameter of a function is a func.
func takesFunc(obj *types.Func) bool {
	for v := range obj.Signature().Params().Variables() {
		if _, ok := v.Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}

// waitsLong reports whether a call waits at all: a stream can also be read
// without.
func (o *origins) waitsLong(fn *ssa.Function, a act) bool {
	w := a.conduct.Waits
	if a.conduct.Receives || w.Args < 0 {
		return true
	}
	return o.zeroField(ssaflow.Args(a.call.Common())[w.Args], w.Field)
}

// mayReceive reports whether a function, or one around it, gets a channel of
// messages.
func (o *origins) mayReceive(fn *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		for _, a := range o.g.acts[fn] {
			if a.conduct.Messages {
				return true
			}
		}
	}
	return false
}

// messages returns the subscription whose messages come by a channel, or nil.
func (o *origins) messages(ch ssa.Value) ssa.Value {
	ch = only(ch)
	call, ok := ch.(*ssa.Call)
	if !ok {
		return nil
	}
	obj := ssaflow.Callee(&call.Call)
	if obj == nil {
		return nil
	}
	if c := o.g.conduct(obj); c == nil || !c.Messages {
		return nil
	}
	return ssaflow.Args(&call.Call)[0]
}

// own reports whether a subscription was opened by a function, by one around
// it, or handed to it, and nobody else has it who could close it.
func (o *origins) own(fn *ssa.Function, sub ssa.Value) bool {
	if sub == nil {
		return false
	}
	v := sub
	if load, ok := v.(*ssa.UnOp); !ok || !isStruct(load.Type()) {
		if v = only(sub); v == nil {
			return false
		}
	}
	switch v := v.(type) {
	case *ssa.Call, *ssa.Parameter, *ssa.Alloc:
	case *ssa.Extract:
		if _, ok := v.Tuple.(*ssa.Call); !ok {
			return false
		}
	case *ssa.UnOp:
		if _, ok := v.X.(*ssa.Alloc); !ok { // a struct that was just written down
			return false
		}
	default:
		return false
	}
	root := fn
	for root.Parent() != nil {
		root = root.Parent()
	}
	return !o.shares(root, fn)
}

func isStruct(t types.Type) bool {
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

// shares reports whether a function or a literal in it gives a subscription to
// somebody else, or starts something that may end it.
func (o *origins) shares(fn, loop *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Go:
				if o.handsOn(&instr.Call) {
					return true
				}
			case *ssa.Call:
				if o.handsOn(&instr.Call) {
					return true
				}
			case *ssa.MakeClosure:
				if f := instr.Fn.(*ssa.Function); f != loop && !isDeferred(instr) && !ssaflow.Encloses(f, loop) && o.releases(f) {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(anon *ssa.Function) bool { return o.shares(anon, loop) })
}

// handsOn reports whether a call hands a subscription to a function that is no
// library's.
func (o *origins) handsOn(c *ssa.CallCommon) bool {
	if obj := ssaflow.Callee(c); obj != nil && obj.Pkg() != nil && o.g.table.Covers(obj.Pkg().Path()) {
		return false
	}
	return slices.ContainsFunc(ssaflow.Args(c), func(v ssa.Value) bool { return o.isSubscription(v.Type()) })
}

func (o *origins) isSubscription(t types.Type) bool {
	n := ssaflow.Named(t)
	if n == nil {
		return false
	}
	typ := o.g.table.Type(n.Obj())
	return typ != nil && typ.Kind == "subscription"
}

func isDeferred(c *ssa.MakeClosure) bool {
	return slices.ContainsFunc(*c.Referrers(), func(ref ssa.Instruction) bool {
		_, ok := ref.(*ssa.Defer)
		return ok
	})
}

// releases reports whether a literal ends something of a library.
func (o *origins) releases(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			obj := ssaflow.Callee(call.Common())
			if obj == nil {
				continue
			}
			row := o.g.table.Func(obj)
			if row != nil && len(row.Releases) > 0 || o.g.onClient(obj, ssaflow.Args(call.Common())) && isUnsubscribe(obj.Name()) {
				return true
			}
		}
	}
	return false
}

func isUnsubscribe(name string) bool {
	return name == "Unsubscribe" || name == "PUnsubscribe" || name == "SUnsubscribe"
}

// asks reports whether a function, the literals in it or those around it ask
// whether the request has ended.
func (o *origins) asks(fn *ssa.Function) bool {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	return o.asksWithin(fn)
}

func (o *origins) asksWithin(fn *ssa.Function) bool {
	for _, a := range o.g.acts[fn] {
		if a.conduct.Until {
			return true
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, o.asksWithin)
}

// ends reports whether a loop may end by something else than a message, such
// as an error of a write.
func (o *origins) ends(fn *ssa.Function, recv ssa.Instruction) bool {
	x := &exits{o: o, fn: fn, recv: recv, loop: map[*ssa.BasicBlock]bool{}}
	at := recv.Block()
	for _, b := range fn.Blocks {
		x.loop[b] = b == at || ssaflow.Reaches(at, b) && ssaflow.Reaches(b, at) || isImpossible(b)
	}
	byMessage := false
	for _, b := range fn.Blocks {
		i, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
		if !x.loop[b] || !ok || x.loop[b.Succs[0]] && x.loop[b.Succs[1]] {
			continue
		}
		x.seen, x.touched = map[ssa.Value]bool{}, false
		if !x.derives(i.Cond) || !x.touched {
			return true
		}
		byMessage = true
	}
	call, ok := recv.(*ssa.Call)
	if !ok || !byMessage {
		return false
	}
	for _, v := range ssaflow.Args(&call.Call) {
		if ssaflow.IsContext(v.Type()) {
			kind, _ := o.context(fn, v)
			return kind != background // its error ends the loop
		}
	}
	return false
}

// isImpossible reports whether a block is what the compiler puts behind the
// last case of a select statement.
func isImpossible(b *ssa.BasicBlock) bool {
	p, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Panic)
	return ok && !p.Pos().IsValid()
}

// exits looks at the conditions by which one loop is left.
type exits struct {
	o       *origins
	fn      *ssa.Function
	recv    ssa.Instruction
	loop    map[*ssa.BasicBlock]bool
	seen    map[ssa.Value]bool
	touched bool // a message was met
}

// derives reports whether a value depends on the messages alone.
func (x *exits) derives(v ssa.Value) bool {
	if instr, ok := v.(ssa.Instruction); ok && instr == x.recv {
		x.touched = true
		return true
	}
	if x.seen[v] {
		return true
	}
	x.seen[v] = true
	if inner, ok := ssaflow.Through(v); ok {
		return x.derives(inner)
	}
	switch v := v.(type) {
	case *ssa.Const:
		return true
	case *ssa.Extract:
		if sel, ok := v.Tuple.(*ssa.Select); ok && v.Index == 0 {
			// Which of the cases: all but one may be others than the message.
			x.touched = true
			return ssa.Instruction(sel) == x.recv && len(sel.States) == 1
		}
		return x.derives(v.Tuple)
	case *ssa.BinOp:
		if sel := selected(v); sel != nil {
			return x.selects(sel, v)
		}
		return x.derives(v.X) && x.derives(v.Y)
	case *ssa.UnOp:
		if a, ok := v.X.(*ssa.Alloc); ok && v.Op == token.MUL {
			stored := ssaflow.StoredIn(a)
			return len(stored) > 0 && !slices.ContainsFunc(stored, func(s ssa.Value) bool { return !x.derives(s) })
		}
		return v.Op != token.ARROW && x.derives(v.X)
	case *ssa.Phi:
		return !slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return !x.derives(e) })
	case *ssa.TypeAssert:
		return x.derives(v.X) // and whether it is so, too
	case *ssa.Convert:
		return x.derives(v.X)
	case *ssa.Field:
		return x.derives(v.X)
	case *ssa.FieldAddr:
		return x.derives(v.X)
	case *ssa.Index:
		return x.derives(v.X)
	case *ssa.IndexAddr:
		return x.derives(v.X)
	case *ssa.Slice:
		return x.derives(v.X)
	case *ssa.Call:
		if !x.isPure(v) {
			return false
		}
		return !slices.ContainsFunc(v.Call.Args, func(a ssa.Value) bool { return !x.derives(a) })
	case *ssa.Alloc:
		stored := ssaflow.StoredIn(v)
		return !slices.ContainsFunc(stored, func(s ssa.Value) bool { return !x.derives(s) })
	}
	return false
}

// selected returns the select statement whose choice a comparison asks for.
func selected(b *ssa.BinOp) *ssa.Select {
	e, ok := b.X.(*ssa.Extract)
	if !ok || e.Index != 0 {
		return nil
	}
	sel, _ := e.Tuple.(*ssa.Select)
	return sel
}

// selects reports whether the case of a select statement that leaves the loop
// is the message's.
func (x *exits) selects(sel *ssa.Select, cond *ssa.BinOp) bool {
	c, ok := cond.Y.(*ssa.Const)
	if !ok || c.Int64() < 0 || int(c.Int64()) >= len(sel.States) || cond.Op != token.EQL {
		return false
	}
	for _, ref := range *cond.Referrers() {
		i, ok := ref.(*ssa.If)
		if !ok || !x.loop[i.Block().Succs[1]] {
			return false
		}
	}
	x.touched = true
	return x.o.messages(sel.States[c.Int64()].Chan) != nil
}

// isPure reports whether the result of a call tells nothing but what it was
// given: it asks neither the reader nor a context.
func (x *exits) isPure(call *ssa.Call) bool {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok {
		return b.Name() == "len" || b.Name() == "cap"
	}
	obj := ssaflow.Callee(&call.Call)
	if obj == nil || obj.Pkg() == nil || x.o.g.prog.HasBody(ssaflow.Static(&call.Call)) {
		return false
	}
	switch obj.Pkg().Path() {
	case "strings", "strconv", "errors", "bytes":
		return obj.Signature().Recv() == nil
	case "encoding/json":
		return obj.Name() == "Unmarshal" || obj.Name() == "Valid"
	}
	if !x.o.g.table.Covers(obj.Pkg().Path()) {
		return false
	}
	return !slices.ContainsFunc(ssaflow.Args(&call.Call), func(v ssa.Value) bool { return ssaflow.IsContext(v.Type()) })
}
