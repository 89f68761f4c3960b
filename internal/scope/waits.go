package scope

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"time"

	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A Wait is a call that waits where nothing should: in the callback of a scope,
// whose connection is held meanwhile, or while a request is answered.
type Wait struct {
	Call    *ast.CallExpr
	What    string // the function that waits in the end, if it is not the one that is called
	Forever bool   // a Redis command without a bound; otherwise something that is not Redis
	Client  string // the scope's client, as the callback names it, or "" on the path of a request
}

// A WaitFact says that a call of a function waits.
type WaitFact struct {
	What     string // "time.Sleep", "redis.Client.BLPop"
	Kind     WaitKind
	Zero     int  // only if this parameter is zero; -1 if always
	Ctx      int  // only if this parameter is no context with a deadline; -1 if always
	Deadline bool // the library keeps a context's deadline, and hears of its end
}

// A WaitKind says for what a function waits.
type WaitKind uint8

// The kinds of waiting.
const (
	Slow    WaitKind = iota // for something that is not Redis
	Forever                 // for a Redis command without a bound
	Endless                 // for messages, in a loop that does not hear of a request's end
)

// shortSleep is a pause that nobody minds.
const shortSleep = 10 * time.Millisecond

// A wait is a WaitFact and where it comes from.
type wait struct {
	WaitFact
	call ssa.CallInstruction // the call that waits
	loop ssa.Instruction     // of an endless one, the receive in the loop; then there is no call
	ctx  contextKind         // of a context that is not a parameter of the function
	far  bool                // the function that is called waits somewhere inside
}

// block is where it waits.
func (w wait) block() *ssa.BasicBlock {
	if w.loop != nil {
		return w.loop.Block()
	}
	return w.call.Block()
}

// A contextKind says what is known of a context.
type contextKind uint8

const (
	noContext contextKind = iota
	background
	ofRequest // ends when the request does
	given     // by somebody
	bounded   // has a deadline, or might have
)

// waits computes which functions of the package wait, each by what is seen in
// it and by the functions that it calls.
func (o *origins) computeWaits() {
	o.waits = map[*ssa.Function][]wait{}
	for _, fn := range o.g.prog.Funcs {
		if len(o.g.acts[fn])+len(o.g.foreigns[fn]) == 0 {
			continue
		}
		regardless := o.regardless(fn)
		for _, w := range o.direct(fn) {
			if regardless[w.block().Index] {
				o.addWait(fn, w)
			}
		}
	}
	for again := true; again; {
		again = false
		for _, fn := range o.g.prog.Funcs {
			for _, call := range o.g.bodies[fn] {
				f := ssaflow.Static(call.Common())
				if isGo(call) || len(o.waits[f]) == 0 || !o.regardless(fn)[call.Block().Index] {
					continue
				}
				for _, w := range o.through(fn, call, o.waits[f]) {
					again = o.addWait(fn, w) || again
				}
			}
		}
	}
}

// maxWaits bounds what is remembered of one function.
const maxWaits = 4

func (o *origins) addWait(fn *ssa.Function, w wait) bool {
	list := o.waits[fn]
	if len(list) >= maxWaits || slices.ContainsFunc(list, func(x wait) bool { return x.WaitFact == w.WaitFact }) {
		return false
	}
	o.waits[fn] = append(list, w)
	return true
}

// direct returns the calls in a function that wait by themselves, or because
// a function of another package does.
func (o *origins) direct(fn *ssa.Function) []wait {
	if list, ok := o.directs[fn]; ok {
		return list
	}
	var list []wait
	for _, a := range o.g.acts[fn] {
		if w, ok := o.wait(fn, a); ok && !isGo(w.call) {
			list = append(list, w)
		}
	}
	for _, call := range o.g.foreigns[fn] {
		obj := ssaflow.Callee(call.Common())
		fact := new(FuncFact)
		if isGo(call) || o.g.table.Covers(obj.Pkg().Path()) || !o.g.pass.ImportObjectFact(obj.Origin(), fact) {
			continue
		}
		var waits []wait
		for _, f := range fact.Waits {
			waits = append(waits, wait{WaitFact: f})
		}
		list = append(list, o.through(fn, call, waits)...)
	}
	list = append(list, o.endless(fn)...)
	o.directs[fn] = list
	return list
}

// through says of the waits of a called function what a call makes of them.
func (o *origins) through(fn *ssa.Function, call ssa.CallInstruction, waits []wait) []wait {
	var list []wait
	args := call.Common().Args
	for _, w := range waits {
		w.call, w.loop, w.far = call, nil, true
		if w.Zero >= 0 {
			if w.Zero >= len(args) {
				continue
			}
			zero, param := o.zero(fn, args[w.Zero])
			if w.Zero = param; !zero && param < 0 {
				continue
			}
		}
		if w.Ctx >= 0 && w.Ctx < len(args) {
			w.ctx, w.Ctx = o.context(fn, args[w.Ctx])
		}
		if w.ctx != bounded {
			list = append(list, w)
		}
	}
	return list
}

// wait says how a call of known conduct waits, if it does.
func (o *origins) wait(fn *ssa.Function, a act) (wait, bool) {
	c := a.conduct
	args := ssaflow.Args(a.call.Common())
	w := wait{WaitFact: WaitFact{What: shortName(a.obj), Zero: -1, Ctx: -1}, call: a.call}
	switch {
	case c.Slow:
		return w, !isShort(args) && receivedAtOnce(a.call)
	case c.Input:
		return w, len(args) > 0 && readsInput(args[0], maxContainers)
	case c.Builds != "":
		return o.built(fn, a, w)
	case c.Names >= 0 && c.Names < len(args):
		w.Kind, w.Deadline = Forever, true
		rest, known := ssaflow.Variadic(args[len(args)-1])
		if c.Names != len(args)-2 || !known {
			return w, false
		}
		words := make([]string, len(rest))
		for i, v := range rest {
			words[i] = text(v)
		}
		if !redisapi.WaitsForever(text(args[c.Names]), words, false) || o.g.bounds {
			return w, false
		}
		for _, v := range args {
			if ssaflow.IsContext(v.Type()) {
				w.ctx, w.Ctx = o.context(fn, v)
			}
		}
		return w, w.ctx != bounded
	case c.Waits != nil:
		w.Kind, w.Deadline = Forever, c.Waits.Deadline
		if c.Receives && (!o.blocks(fn, a) || o.g.bounds && c.Waits.Ctx < 0) {
			return w, false
		}
		ok := true
		switch {
		case c.Waits.Timeout >= 0:
			ok, w.Zero = o.zero(fn, args[c.Waits.Timeout])
		case c.Waits.Args >= 0:
			ok = o.zeroField(args[c.Waits.Args], c.Waits.Field)
		}
		if !ok && w.Zero < 0 {
			return w, false
		}
		if c.Waits.Ctx >= 0 {
			w.ctx, w.Ctx = o.context(fn, args[c.Waits.Ctx])
		}
		return w, w.ctx != bounded
	}
	return w, false
}

// blocks reports whether a call that receives waits for a message. The first
// reply to a subscription is its confirmation, which comes at once.
func (o *origins) blocks(fn *ssa.Function, a act) bool {
	return !a.conduct.Confirms || o.g.loops(fn)[a.call.Block().Index]
}

// built says how a command waits that is put together by calls of a builder.
func (o *origins) built(fn *ssa.Function, a act, w wait) (wait, bool) {
	v := a.call.Value()
	forever := false
	for v != nil {
		var next *ssa.Call
		for _, ref := range *v.Referrers() {
			call, ok := ref.(*ssa.Call)
			if ok && len(call.Call.Args) > 0 && call.Call.Args[0] == v && !call.Call.IsInvoke() && next == nil {
				next = call
			}
		}
		if next == nil {
			break
		}
		if obj := ssaflow.Callee(&next.Call); obj != nil && obj.Name() == a.conduct.Builds && len(next.Call.Args) > 1 {
			c := constantOf(next.Call.Args[1])
			forever = c != nil && isZero(c)
		}
		v = next
	}
	if !forever || v == nil {
		return w, false
	}
	run := o.runs(v)
	if run == nil {
		return w, false
	}
	w.call, w.Kind, w.Deadline = run, Forever, true
	for _, arg := range run.Call.Args {
		if ssaflow.IsContext(arg.Type()) {
			w.ctx, w.Ctx = o.context(fn, arg)
			break
		}
	}
	return w, w.ctx != bounded
}

// runs returns the call of a client that is given a command, or nil.
func (o *origins) runs(cmd ssa.Value) *ssa.Call {
	for _, ref := range *cmd.Referrers() {
		switch ref := ref.(type) {
		case *ssa.Call:
			if ref.Call.IsInvoke() && o.g.isCommand(ref.Call.Method, ssaflow.Args(&ref.Call)) {
				return ref
			}
		case *ssa.Store:
			addr, ok := ref.Addr.(*ssa.IndexAddr)
			if !ok {
				continue
			}
			for _, use := range *addr.X.Referrers() {
				if s, ok := use.(*ssa.Slice); ok {
					return o.runs(s)
				}
			}
		}
	}
	return nil
}

func isZero(c constant.Value) bool {
	return (c.Kind() == constant.Int || c.Kind() == constant.Float) && constant.Sign(c) == 0
}

// isShort reports whether a call sleeps for a moment only.
func isShort(args []ssa.Value) bool {
	if len(args) != 1 {
		return false
	}
	c := constantOf(args[0])
	if c == nil || c.Kind() != constant.Int {
		return false
	}
	n, ok := constant.Int64Val(c)
	return ok && time.Duration(n) < shortSleep
}

// receivedAtOnce reports whether the result of a call that waits in it, such as
// time.After, is read and nothing else. A call without a channel waits itself.
func receivedAtOnce(call ssa.CallInstruction) bool {
	v := call.Value()
	if v == nil {
		return true
	}
	if _, ok := v.Type().Underlying().(*types.Chan); !ok {
		return true
	}
	for _, ref := range *v.Referrers() {
		if recv, ok := ref.(*ssa.UnOp); !ok || recv.Op != token.ARROW {
			return false
		}
	}
	return len(*v.Referrers()) > 0
}

// readsInput reports whether a value is standard input, or was made to read
// from it.
func readsInput(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	v = ssaflow.Bare(v)
	switch x := v.(type) {
	case *ssa.Call:
		return len(x.Call.Args) > 0 && readsInput(x.Call.Args[0], depth-1)
	case *ssa.UnOp:
		if g, ok := x.X.(*ssa.Global); ok {
			return g.Pkg != nil && g.Pkg.Pkg.Path() == "os" && g.Name() == "Stdin"
		}
		if w := only(v); w != nil && w != v {
			return readsInput(w, depth-1)
		}
	case *ssa.FreeVar:
		if w := only(v); w != nil {
			return readsInput(w, depth-1)
		}
	}
	return false
}

// zero reports whether a timeout is zero, or is a parameter of the function,
// and which.
func (o *origins) zero(fn *ssa.Function, v ssa.Value) (zero bool, param int) {
	if c := constantOf(v); c != nil {
		return isZero(c), -1
	}
	if w := only(v); w != nil {
		if c := constantOf(w); c != nil {
			return isZero(c), -1
		}
		if p, ok := w.(*ssa.Parameter); ok && p.Parent() == fn {
			return false, slices.Index(fn.Params, p)
		}
	}
	return false, -1
}

// zeroField reports whether a field of a struct that was just written down is
// zero. In doubt it is not.
func (o *origins) zeroField(v ssa.Value, field string) bool {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X
	}
	a, ok := v.(*ssa.Alloc)
	if !ok {
		if w := only(v); w == nil || w == v {
			return false
		} else if a, ok = w.(*ssa.Alloc); !ok {
			return false
		}
	}
	zero := true
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.FieldAddr:
			f := ssaflow.Field(a.Type(), ref.Field)
			for _, use := range *ref.Referrers() {
				st, ok := use.(*ssa.Store)
				if f != nil && f.Name() == field {
					zero = zero && ok && isZeroValue(st.Val)
				}
			}
		case *ssa.Store:
			if ref.Addr == a {
				zero = false // copied from elsewhere
			}
		case *ssa.Call, *ssa.UnOp, *ssa.DebugRef, *ssa.Defer, *ssa.Go:
		default:
			return false
		}
	}
	return zero
}

func isZeroValue(v ssa.Value) bool {
	c := constantOf(v)
	return c != nil && isZero(c)
}

// maxContexts bounds the steps from a context back to where it comes from.
const maxContexts = 10

// context says what is known of a context, or which parameter of the function
// it is.
func (o *origins) context(fn *ssa.Function, v ssa.Value) (contextKind, int) {
	for range maxContexts {
		if v = only(v); v == nil {
			return bounded, -1
		}
		switch x := v.(type) {
		case *ssa.MakeInterface:
			if o.ofRequest(x.X.Type()) {
				return ofRequest, -1
			}
			v = x.X
		case *ssa.ChangeInterface:
			v = x.X
		case *ssa.Const:
			return background, -1
		case *ssa.Parameter:
			if o.ofRequest(x.Type()) {
				return ofRequest, -1
			}
			if q := o.g.requests.Of(x.Parent()); q != nil && q.Carrier == x {
				return ofRequest, -1
			}
			if x.Parent() == fn && fn.Parent() == nil {
				return given, slices.Index(fn.Params, x)
			}
			return given, -1
		case *ssa.UnOp: // of a package-level variable, or a field
			if _, ok := x.X.(*ssa.Global); ok {
				return background, -1
			}
			return given, -1
		case *ssa.Field:
			return given, -1
		case *ssa.Extract:
			v = x.Tuple
		case *ssa.Call:
			obj := ssaflow.Callee(&x.Call)
			if obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "context" && (obj.Name() == "Background" || obj.Name() == "TODO") {
				return background, -1
			}
			if obj != nil {
				if c := o.g.conduct(obj); c != nil && c.Dated {
					return bounded, -1
				}
			}
			var from ssa.Value
			for _, a := range ssaflow.Args(&x.Call) {
				if ssaflow.IsContext(a.Type()) {
					from = a
					break
				}
			}
			if from == nil {
				if obj != nil && len(x.Call.Args) <= 1 && (obj.Name() == "Context" || obj.Name() == "UserContext") {
					return ofRequest, -1
				}
				return bounded, -1
			}
			v = from
		default:
			return bounded, -1
		}
	}
	return bounded, -1
}

// ofRequest reports whether a type is that of a request that is answered.
func (o *origins) ofRequest(t types.Type) bool {
	n := ssaflow.Named(t)
	return n != nil && o.g.table.Request(n.Obj())
}

// regardless says which blocks of a function can run whatever its callers decide:
// no condition on the way asks for a parameter.
func (o *origins) regardless(fn *ssa.Function) []bool {
	if r, ok := o.unasked[fn]; ok {
		return r
	}
	r := make([]bool, len(fn.Blocks))
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if r[b.Index] {
			continue
		}
		r[b.Index] = true
		if i, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If); ok && asksCaller(i.Cond, maxContainers) {
			continue
		}
		work = append(work, b.Succs...)
	}
	o.unasked[fn] = r
	return r
}

// asksCaller reports whether a condition depends on what a function is given.
func asksCaller(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.FreeVar, *ssa.Global:
		return true
	case *ssa.BinOp:
		return asksCaller(v.X, depth-1) || asksCaller(v.Y, depth-1)
	case *ssa.UnOp:
		return v.Op != token.ARROW && asksCaller(v.X, depth-1)
	case *ssa.FieldAddr:
		return asksCaller(v.X, depth-1)
	case *ssa.Field:
		return asksCaller(v.X, depth-1)
	case *ssa.Convert:
		return asksCaller(v.X, depth-1)
	case *ssa.Call:
		if _, ok := v.Call.Value.(*ssa.Builtin); ok && len(v.Call.Args) > 0 {
			return asksCaller(v.Call.Args[0], depth-1)
		}
	}
	return false
}

// Waits returns the calls that wait in the callback of a scope or on the path
// of a request, in source order.
func (r *Result) Waits() []Wait {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.waits()
}

func (r *Result) waits() []Wait {
	if r.origins == nil {
		return nil
	}
	o := r.origins
	found := map[token.Pos]Wait{}
	report := func(w wait, client string) {
		pos := w.call.Common().Pos()
		if !pos.IsValid() || o.g.prog.InTest(pos) {
			return
		}
		call := r.source.Call(pos)
		if call == nil {
			return
		}
		if _, ok := found[pos]; ok {
			return
		}
		f := Wait{Call: call, Forever: w.Kind == Forever, Client: client}
		if w.far {
			f.What = w.What
		}
		found[pos] = f
	}
	for _, l := range o.lendings() {
		o.within(l.callback, map[*ssa.Function]bool{}, func(fn *ssa.Function, w wait) {
			if w.Kind == Endless || w.Kind == Forever && o.requestLoop(fn, w) {
				return
			}
			if w.Kind == Forever && w.Deadline && w.ctx == ofRequest {
				return
			}
			report(w, l.name())
		})
	}
	for _, fn := range o.g.prog.Funcs {
		if q := o.g.requests.Of(fn); q == nil || q.Async {
			continue
		}
		for _, w := range o.all(fn) {
			if w.Kind != Forever || w.loop != nil || o.requestLoop(fn, w) || w.Deadline && w.ctx != background && w.ctx != noContext {
				continue
			}
			if f := ssaflow.Static(w.call.Common()); f != nil && o.g.prog.HasBody(f) && o.g.requests.Of(f) != nil {
				continue // reported there
			}
			report(w, "")
		}
	}
	list := make([]Wait, 0, len(found))
	for _, w := range found {
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b Wait) int { return cmp.Compare(a.Call.Lparen, b.Call.Lparen) })
	return list
}

// requestLoop reports whether a call receives messages in a loop while a
// request is answered.
func (o *origins) requestLoop(fn *ssa.Function, w wait) bool {
	q := o.g.requests.Of(fn)
	obj := ssaflow.Callee(w.call.Common())
	if q == nil || q.Async || obj == nil || o.g.prog.HasBody(ssaflow.Static(w.call.Common())) {
		return false
	}
	c := o.g.conduct(obj)
	return c != nil && c.Receives && (o.g.loops(fn)[w.call.Block().Index] || takesFunc(obj))
}

// all returns the calls in a function that wait, whatever function it is that
// waits in the end.
func (o *origins) all(fn *ssa.Function) []wait {
	list := slices.Clone(o.direct(fn))
	for _, call := range o.g.bodies[fn] {
		if f := ssaflow.Static(call.Common()); !isGo(call) && f.Parent() == nil {
			list = append(list, o.through(fn, call, o.waits[f])...)
		}
	}
	return list
}

// within calls f for each call that waits in a function and in the literals
// that have run when it returns.
func (o *origins) within(fn *ssa.Function, seen map[*ssa.Function]bool, f func(*ssa.Function, wait)) {
	if seen[fn] {
		return
	}
	seen[fn] = true
	for _, w := range o.all(fn) {
		if w.loop != nil {
			continue
		}
		if g := ssaflow.Static(w.call.Common()); g == nil || !o.lent[g] {
			f(fn, w)
		}
	}
	for _, call := range o.g.bodies[fn] {
		if g := ssaflow.Static(call.Common()); !isGo(call) && g.Parent() != nil {
			o.within(g, seen, f)
		}
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue
			}
			obj := ssaflow.Callee(&call.Call)
			if obj == nil {
				continue
			}
			if row := o.g.table.Func(obj); row != nil {
				args := ssaflow.Args(&call.Call)
				for _, i := range row.Calls {
					if c, ok := args[i].(*ssa.MakeClosure); ok {
						o.within(c.Fn.(*ssa.Function), seen, f)
					}
				}
			}
		}
	}
}
