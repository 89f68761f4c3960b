package lifetime

import (
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// A mode says how a call is made.
type mode uint8

const (
	plainCall    mode = iota // now
	deferredCall             // when the function returns
	goCall                   // by another goroutine
)

// callInstr applies a call, a go or a defer statement.
func (s *search) callInstr(st *state, instr ssa.CallInstruction, inLoop bool) []*state {
	c := instr.Common()
	fn, args := s.operands(st, c)
	switch instr := instr.(type) {
	case *ssa.Defer:
		s.deferCall(st, instr, fn, args)
		return []*state{st}
	case *ssa.Go:
		return s.goroutine(st, instr, fn, args)
	}
	v := instr.Value()
	if inLoop && v != nil {
		for _, leaf := range []*heap.Term{s.pool.Val(v), s.pool.Made(v)} {
			if !st.Mentions(leaf) {
				continue
			}
			s.renew(st, leaf)
			earlier := s.pool.Earlier(leaf)
			for i := range args {
				args[i] = s.pool.Replace(args[i], leaf, earlier)
			}
			fn = s.pool.Replace(fn, leaf, earlier)
		}
		st.DropReg(v)
	}
	if s.site != nil && s.site.instr == instr {
		return s.acquire(st, instr, args)
	}
	if st.status == open && st.risk == nil && s.canPanic(c, st, args) {
		st.risk = instr
	}
	was := st.status
	asked := v != nil && st.status == open && ssaflow.IsBool(v.Type()) && hasOpenErr(args)
	var pure *heap.Term
	if call, ok := instr.(*ssa.Call); ok {
		pure = s.pureCall(st, call)
	}
	var next []*state
	for _, r := range s.call(st, instr, c, fn, args, plainCall) {
		if asked && r.result == nil {
			r.result = s.pool.ErrAsked(v)
		}
		if was == before && r.st.status == open && r.result == nil && v != nil {
			// It ran a callback that opens. Its error is that of opening.
			if i := ssaflow.ErrorResult(v.Type()); i >= 0 {
				r.result = s.results(v, map[int]*heap.Term{i: s.pool.OpenErr})
			}
		}
		if v != nil && r.result == nil && pure != nil {
			r.result = pure
		}
		if v != nil && r.result != nil {
			r.st.SetReg(v, r.result)
		}
		next = append(next, r.st)
	}
	return next
}

func hasOpenErr(args []*heap.Term) bool {
	for _, a := range args {
		if a.Op == heap.OpenErr {
			return true
		}
	}
	return false
}

// operands evaluates a call's function value and arguments, the receiver first.
func (s *search) operands(st *state, c *ssa.CallCommon) (fn *heap.Term, args []*heap.Term) {
	fn = s.eval(st, c.Value)
	if c.IsInvoke() {
		args = append(args, fn)
		fn = nil
	}
	for _, a := range c.Args {
		args = append(args, s.eval(st, a))
	}
	return fn, args
}

// acquire applies the opening call itself.
func (s *search) acquire(st *state, instr ssa.CallInstruction, args []*heap.Term) []*state {
	v := instr.Value()
	if st.status != before {
		// The loop came round. What the last turn opened must be held by
		// something other than the register that is written now.
		if v != nil {
			st.DropReg(v)
		}
		s.noteTurn(st)
		if st.status == open && st.lent && !st.Reachable() {
			s.move(st, MovedDynamic) // whoever was called with it may have it
		}
		if st.status == open && !st.Reachable() {
			s.dropped = append(s.dropped, dropped{st, instr})
			return nil
		}
		if st.status == open {
			for _, a := range args {
				s.expose(st, a)
			}
		}
		return []*state{st}
	}
	for i, a := range args {
		// What it is opened with is only borrowed, unless it is a place to
		// put the resource in.
		if p := s.site.open.At; !p.Param || p.Index != i {
			s.expose(st, a)
		}
	}
	s.open(st)
	o := s.site.open
	parts := map[int]*heap.Term{}
	for i, k := range o.Results {
		if x := s.known(k); x != nil {
			parts[i] = x
		}
	}
	if o.Err >= 0 {
		parts[o.Err] = s.pool.OpenErr
	}
	if o.Cleanup >= 0 {
		parts[o.Cleanup] = s.pool.Cleanup
	}
	switch {
	case o.At.Param:
		if o.At.Index < len(args) {
			s.plant(st, args[o.At.Index], heap.Shape(o.At.Shape))
		}
	case o.At.Func:
		parts[o.At.Index] = s.pool.Cleanup
	default:
		parts[o.At.Index] = s.plantedAt(st, s.pool.Made(v), o.At, s.site.dyn)
		for _, p := range o.Also {
			parts[p.Index] = s.planted(st, s.pool.Made(v), heap.Shape(p.Shape), s.e.resultType(v, p))
		}
	}
	st.SetReg(v, s.results(v, parts))
	return []*state{st}
}

// results packs what is known of a call's results; nil if that is nothing.
func (s *evaluator) results(call ssa.Value, parts map[int]*heap.Term) *heap.Term {
	t, ok := call.Type().(*types.Tuple)
	if !ok {
		return parts[0]
	}
	var list []heap.Part
	for i := range t.Len() {
		if x := parts[i]; x.Known() {
			list = append(list, heap.Part{Path: heap.Field(i), Term: x})
		}
	}
	return s.pool.Tuple(call, list)
}

// plant puts the resource behind a value that a call was given.
func (s *search) plant(st *state, v *heap.Term, shape heap.Shape) {
	p := s.pool.Pointee(v)
	for _, way := range shape.Ways() {
		if p == nil || way.Paths[0] != "" || way.Pointers() == 0 {
			s.move(st, MovedForeign)
			return
		}
		tail := way.Tail()
		at := p.Path + tail.Paths[0]
		s.storeTo(st, s.pool.Addr(p.X, at), s.plantedOne(st, s.pool.Within(p.X, at), tail.Within(), nil))
	}
}

// deferCall registers a deferred call. Of a statement that a loop comes back
// to, the turn that holds the resource is remembered, and the last one.
func (s *search) deferCall(st *state, instr *ssa.Defer, fn *heap.Term, args []*heap.Term) {
	d := &heap.Deferred{Instr: instr, Fn: fn, Args: args}
	if !s.deferMatters(st, d) {
		return
	}
	frame := s.frameOf(instr)
	holds := st.DeferHolds(d)
	var defers []*heap.Deferred
	for _, o := range st.Defers(frame) {
		if o.Instr != instr || !holds && st.DeferHolds(o) {
			defers = append(defers, o)
		}
	}
	st.SetDefers(frame, append(defers, d))
	if st.status == open && holds {
		st.covered = true
		st.early = st.early || st.risk == nil
	}
}

// frameOf returns the frame of the function at whose end a deferred call runs:
// for the body of a range over a function, the function with the loop.
func (s *search) frameOf(instr *ssa.Defer) int {
	fn := ssaflow.AroundLoops(instr.Parent())
	for i := len(s.running) - 1; i >= 0; i-- {
		if s.running[i] == fn {
			return i
		}
	}
	return len(s.running) - 1
}

// deferMatters reports whether a deferred call can release the resource: it
// holds it, or it shares a variable that the resource can get into.
func (s *search) deferMatters(st *state, d *heap.Deferred) bool {
	if st.DeferHolds(d) {
		return true
	}
	c := d.Instr.Common()
	if s.taint[c.Value] || d.Fn != nil && d.Fn.Op == heap.Closure && s.taint.Shares(d.Fn.Fn) {
		return true
	}
	for _, a := range c.Args {
		if s.taint[a] {
			return true
		}
	}
	return false
}

// runDefers runs what the innermost function deferred, last first.
func (s *search) runDefers(st *state) []*state {
	states := []*state{st}
	top := len(st.Frames()) - 1
	defers := st.Defers(top)
	st.SetDefers(top, nil)
	for i := len(defers) - 1; i >= 0; i-- {
		d := defers[i]
		var next []*state
		for _, st := range states {
			for _, r := range s.call(st, d.Instr, d.Instr.Common(), d.Fn, d.Args, deferredCall) {
				next = append(next, r.st)
			}
		}
		if states = next; len(states) > maxResults {
			s.gaveUp = true
			return nil
		}
	}
	return states
}

// goroutine applies a go statement. What the goroutine does to the resource
// counts; what it writes does not, since nobody knows when.
func (s *search) goroutine(st *state, instr *ssa.Go, fn *heap.Term, args []*heap.Term) []*state {
	holds := fn != nil && st.Holds(fn)
	for _, a := range args {
		holds = holds || st.Holds(a)
	}
	if !holds || st.status != open {
		if fn != nil {
			s.expose(st, fn)
		}
		for _, a := range args {
			s.expose(st, a)
		}
		return []*state{st}
	}
	results := s.call(st.clone(), instr, instr.Common(), fn, args, goCall)
	if len(results) == 0 {
		if !s.gaveUp {
			s.move(st, MovedForever)
		}
		return []*state{st}
	}
	var next []*state
	seen := map[status]bool{}
	for _, r := range results {
		if seen[r.st.status] {
			continue
		}
		seen[r.st.status] = true
		n := st.clone()
		n.status, n.moved, n.trail, n.release, n.manner = r.st.status, r.st.moved, r.st.trail, r.st.release, Later
		if fn != nil {
			s.expose(n, fn)
		}
		next = append(next, n)
	}
	return next
}

// A result is a way in which a call returned.
type result struct {
	st     *state
	result *heap.Term
}

func only(st *state) []result { return []result{{st: st}} }

// call applies a call and returns the ways in which it returns; none when it
// never does.
func (s *search) call(st *state, instr ssa.CallInstruction, c *ssa.CallCommon, fn *heap.Term, args []*heap.Term, how mode) []result {
	if s.told != nil {
		s.at = instr
	}
	if b, ok := c.Value.(*ssa.Builtin); ok {
		return s.builtin(st, instr, b, args)
	}
	if fn != nil && fn.Op == heap.Cleanup {
		s.releaseBy(st, instr, how, "", Plainly)
		return only(st)
	}
	callee, method, args := s.callee(st, c, fn, args)
	if callee != nil && callee.Parent() != nil && s.e.hasBody(callee) {
		return s.inline(st, instr, callee, fn, args, how)
	}
	if i := rangeBody(args); i >= 0 {
		return s.rangeOver(st, instr, args[i], how)
	}
	if method == nil && callee == nil {
		// A func value that nothing is known of.
		if s.e.lending {
			for _, a := range args {
				s.expose(st, a)
			}
			return only(st)
		}
		if fn != nil {
			s.escape(st, fn, MovedDynamic)
		}
		if st.status == open && how == plainCall && s.lends(st, c, args) {
			return only(st)
		}
		return s.unknownCall(st, instr, args, MovedDynamic)
	}
	if method == nil {
		return s.summarised(st, instr, nil, callee, args, how)
	}
	row := s.e.table.Func(method)
	if row != nil && (row.NoReturn || row.Fails && st.status == open) {
		return nil // a test that has failed may leave what it likes open
	}
	if row != nil && (!s.e.hasBody(callee) || s.ends(st, method, args)) {
		return s.rowCall(st, instr, row, method, args, how)
	}
	if c.IsInvoke() && callee == nil {
		return s.invoke(st, instr, method, args, how)
	}
	if len(args) > 0 && args[0].Op == heap.Tracked && method.Type().(*types.Signature).Recv() != nil {
		return s.ownMethod(st, instr, method, callee, args, how)
	}
	return s.summarised(st, instr, method, callee, args, how)
}

// lends gives the resource itself to a callback of the function's caller. A
// callback may keep it; but a function that releases it afterwards only lent
// it.
func (s *search) lends(st *state, c *ssa.CallCommon, args []*heap.Term) bool {
	callback := parameterOf(c.Value)
	if callback == nil {
		return false
	}
	lent := false
	for _, a := range args {
		if a.Op != heap.Tracked && st.Holds(a) {
			return false
		}
		lent = lent || a.Op == heap.Tracked
	}
	if lent {
		// The scope of a helper that opens: its callback works with the
		// resource, and cannot keep it.
		works := s.site != nil && callback.Parent() == s.root && worksWith(c.Signature()) && s.e.callersBorrow(callback, c, args, s.release)
		st.lent = st.lent || !works
		s.told.lend(s.at)
	}
	return lent
}

// parameterOf returns the parameter that a func value is, also of the function
// around a literal that captures it; or nil.
func parameterOf(v ssa.Value) *ssa.Parameter {
	for range 4 { // a variable that a literal in a literal captures
		switch x := v.(type) {
		case *ssa.Parameter:
			return x
		case *ssa.FreeVar:
			v = ssaflow.Binding(x)
		case *ssa.UnOp:
			v = x.X
		case *ssa.Alloc:
			v = ssaflow.StoredOnce(x)
		default:
			return nil
		}
	}
	return nil
}

// worksWith reports whether a callback does some work with what it is passed: it
// says whether it failed. One that says whether to go on is an iterator's
// consumer, and one that returns nothing may only take note of a closer.
func worksWith(sig *types.Signature) bool {
	res := sig.Results()
	return res.Len() > 0 && ssaflow.IsError(res.At(res.Len()-1).Type())
}

// callersBorrow reports whether no caller that is seen passes a callback which
// releases or keeps what it is called with.
func (e *engine) callersBorrow(callback *ssa.Parameter, c *ssa.CallCommon, args []*heap.Term, release []string) bool {
	fn := callback.Parent()
	at := slices.Index(fn.Params, callback)
	for _, call := range e.prog.Calls(fn) {
		f := e.prog.FuncOf(call.Call.Args[at])
		if f == nil || f.Synthetic != "" {
			continue
		}
		for i, a := range args {
			if a.Op != heap.Tracked || i >= len(f.Params) || !e.hasBody(f) {
				continue
			}
			for _, o := range e.summarise(f, i, "", strings.Join(release, ","), nil, nil) {
				if o.Effect != Kept || len(o.Into) > 0 {
					return false
				}
			}
		}
	}
	return true
}

// rangeBody returns the index of the argument that is the body of a range over
// a function, or -1.
func rangeBody(args []*heap.Term) int {
	for i, a := range args {
		if a.Op == heap.Closure && ssaflow.IsLoopBody(a.Fn) {
			return i
		}
	}
	return -1
}

// rangeOver applies the iterator of a range statement: its body runs not at
// all, or once for all iterations; twice,
// when it opens the resource.
func (s *search) rangeOver(st *state, instr ssa.CallInstruction, body *heap.Term, how mode) []result {
	results := []result{{st: st.clone()}}
	again := s.site != nil && ssaflow.Encloses(body.Fn, s.site.fn)
	for _, n := range s.callValue(st, instr, body, how) {
		results = append(results, result{st: n})
		if again && n.status != before {
			// What the body opens is opened in each iteration.
			for _, m := range s.callValue(n.clone(), instr, body, how) {
				results = append(results, result{st: m})
			}
		}
	}
	return results
}

// callee finds the function that a call runs, looking through closures, bound
// methods and interfaces whose dynamic type is certain. It returns the
// function's body, if there is one in this package, its object, and the
// arguments as that function sees them.
func (s *search) callee(st *state, c *ssa.CallCommon, fn *heap.Term, args []*heap.Term) (*ssa.Function, *types.Func, []*heap.Term) {
	if c.IsInvoke() {
		recv := args[0]
		var dyn types.Type
		switch recv.Op {
		case heap.Addr, heap.Aggregate:
			dyn = s.dynAt(recv)
		case heap.Tracked:
			if s.typ != nil && !types.IsInterface(s.typ) {
				dyn = s.typ
			}
		}
		if dyn != nil {
			if m := s.e.method(dyn, c.Method); m != nil {
				obj, _ := m.Object().(*types.Func)
				if obj == nil {
					obj = c.Method
				}
				return m, obj, args
			}
		}
		return nil, c.Method, args
	}
	var f *ssa.Function
	if fn != nil && fn.Op == heap.Closure {
		f = fn.Fn
	} else {
		f = c.StaticCallee()
	}
	if f == nil {
		return nil, nil, args
	}
	if ssaflow.IsBoundMethod(f) && fn != nil && len(fn.Parts) == 1 {
		obj, _ := f.Object().(*types.Func)
		args = append([]*heap.Term{fn.Parts[0].Term}, args...)
		if obj == nil {
			return nil, nil, args
		}
		if m := f.Prog.FuncValue(obj); m != nil {
			return m, obj, args
		}
		return nil, obj, args
	}
	if o := f.Origin(); o != nil {
		f = o
	}
	obj, _ := f.Object().(*types.Func)
	return f, obj, args
}

// inline runs a function literal where it is called.
func (s *search) inline(st *state, instr ssa.CallInstruction, callee *ssa.Function, fn *heap.Term, args []*heap.Term, how mode) []result {
	depth := 0
	for _, r := range s.running {
		if r == callee {
			depth = maxInline // recursion
		}
		if r.Parent() != nil {
			depth++
		}
	}
	if depth >= maxInline {
		if fn != nil {
			s.escape(st, fn, MovedClosure)
		}
		return s.unknownCall(st, instr, args, MovedDynamic)
	}
	for i, p := range callee.Params {
		if i < len(args) {
			st.SetReg(p, args[i])
		}
	}
	if fn != nil && fn.Op == heap.Closure {
		for i, f := range callee.FreeVars {
			if i < len(fn.Parts) {
				st.SetReg(f, fn.Parts[i].Term)
			}
		}
	}
	// A deferred function's releases are deferred ones, a goroutine's its own.
	before := st.release
	outs := s.run(callee, st)
	var results []result
	for _, o := range outs {
		if o.st.release != before && o.st.release != nil && how != plainCall {
			o.st.release = &releaseEvent{o.st.release.instr, true, o.st.release.how}
		}
		o.st.KeepRegs(func(v ssa.Value) bool {
			in, ok := v.(ssa.Instruction)
			return !ok || in.Parent() != callee
		})
		results = append(results, result{o.st, s.pack(o.results)})
	}
	return results
}

// pack turns results into the value of a call.
func (s *evaluator) pack(results []*heap.Term) *heap.Term {
	switch len(results) {
	case 0:
		return nil
	case 1:
		return results[0]
	}
	var parts []heap.Part
	for i, r := range results {
		if r.Known() {
			parts = append(parts, heap.Part{Path: heap.Field(i), Term: r})
		}
	}
	return s.pool.Tuple(nil, parts)
}

// builtin applies a call of a builtin function.
func (s *search) builtin(st *state, instr ssa.CallInstruction, b *ssa.Builtin, args []*heap.Term) []result {
	switch b.Name() {
	case "append":
		return []result{{st, s.appended(st, instr, args)}}
	case "copy":
		if dst, src := s.pool.Pointee(args[0]), s.pool.Pointee(args[1]); dst != nil && src != nil && st.Holds(src) {
			s.storeTo(st, s.pool.Addr(dst.X, dst.Path+heap.Elem), s.elem(st, src, s.pool.Unknown))
		}
	case "len":
		return []result{{st, s.length(args[0])}}
	case "panic":
		return nil
	case ssaflow.NilCheck, "min", "max":
		return []result{{st, args[0]}}
	}
	return only(st)
}

// appended returns the slice that an append returns.
func (s *search) appended(st *state, instr ssa.CallInstruction, args []*heap.Term) *heap.Term {
	dst := args[0]
	p := s.pool.Pointee(dst)
	if dst.Op == heap.Nil || p == nil || !p.X.Local() {
		// A slice of its own from here on.
		fresh := s.pool.Addr(s.pool.Grown(ssaflow.ValueOf(instr)), "")
		if p != nil && st.Holds(dst) {
			s.storeTo(st, s.pool.Addr(fresh.X, heap.Elem), s.elem(st, p, s.pool.Unknown))
		}
		p = fresh
	}
	for _, a := range args[1:] {
		x := s.pool.Pointee(a)
		if x == nil {
			continue
		}
		elem := s.elem(st, x, s.pool.Unknown)
		// A literal that shares the resource's variable may come to hold it.
		if st.Holds(x) || elem.Op == heap.Closure && s.taint.Shares(elem.Fn) {
			s.storeTo(st, s.pool.Addr(p.X, p.Path+heap.Elem), elem)
		}
	}
	return p
}

// variadic evaluates what a call passes one by one for its last parameter. It
// is nil if the call passes a slice.
func (s *search) variadic(st *state, c *ssa.CallCommon) []*heap.Term {
	slice, ok := c.Args[len(c.Args)-1].(*ssa.Slice)
	if !ok {
		return nil
	}
	array, ok := slice.X.(*ssa.Alloc)
	if !ok || !ssaflow.IsVarargs(array) {
		return nil
	}
	var list []*heap.Term
	for _, ref := range *array.Referrers() {
		elem, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		for _, use := range *elem.Referrers() {
			if store, ok := use.(*ssa.Store); ok && store.Addr == elem {
				list = append(list, s.settled(st, s.eval(st, store.Val)))
			}
		}
	}
	return list
}

// settled is what a value is known to be on this path: nil, not nil, or itself.
func (s *evaluator) settled(st *state, v *heap.Term) *heap.Term {
	if v.Symbolic() {
		if isNil, ok := st.Fact(s.pool.Equal(v, s.pool.Nil)); ok {
			if isNil {
				return s.pool.Nil
			}
			return s.pool.NonNil
		}
	}
	return v
}

// joined is the error that several errors are joined to, or nil if it is not
// known whether it is nil.
func (s *evaluator) joined(errs []*heap.Term) *heap.Term {
	var one *heap.Term
	for _, e := range errs {
		switch {
		case (e.Op == heap.Nil):
		case e.NotNil():
			return s.pool.NonNil
		case one != nil && one != e:
			return nil
		default:
			one = e
		}
	}
	if one == nil && len(errs) > 0 {
		return errs[0]
	}
	return one
}

// unknownCall applies a call of which nothing is known.
func (s *search) unknownCall(st *state, instr ssa.CallInstruction, args []*heap.Term, why Reason) []result {
	for _, a := range args {
		s.escape(st, a, why)
	}
	return only(st)
}

// rowCall applies a call that the knowledge has a row for.
func (s *search) rowCall(st *state, instr ssa.CallInstruction, row *redisapi.Func, method *types.Func, args []*heap.Term, how mode) []result {
	for _, i := range row.Releases {
		if i < len(args) && st.status == open && st.Holds(args[i]) {
			manner := Plainly
			if method.Signature().Recv() != nil && !s.isRelease(method.Name()) {
				manner = Later // it serves, and releases when it is told to stop
			}
			s.releaseBy(st, instr, how, method.Name(), manner)
			return only(st)
		}
	}
	if len(args) > 0 && st.status == open && method.Type().(*types.Signature).Recv() != nil &&
		s.isRelease(method.Name()) && st.Holds(args[0]) {
		s.releaseBy(st, instr, how, method.Name(), Plainly)
		return only(st)
	}
	s.noteUse(st, instr, row, method, args)
	switch {
	case row.Refutes && len(args) > 0:
		return s.refutes(st, args[0])
	case row.NonNil:
		return []result{{st, s.pool.NonNil}}
	case row.Joins:
		if v := s.joined(s.variadic(st, instr.Common())); v != nil {
			return []result{{st, v}}
		}
	case row.Probe && args[0].Op == heap.Tracked && (st.risk == nil || st.risk == instr):
		return []result{{st, s.pool.OpenErr}}
	case row.Verdict:
		for _, a := range args {
			if a.Op == heap.OpenErr {
				return []result{{st, s.pool.ErrNil}}
			}
		}
	}
	for _, a := range row.Aliases {
		if a.Param < len(args) && st.Holds(args[a.Param]) {
			v := ssaflow.ValueOf(instr)
			if v == nil {
				return only(st)
			}
			parts := map[int]*heap.Term{a.Result: s.pool.Tracked}
			return []result{{st, s.results(v, parts)}}
		}
	}
	if row.Wraps && len(args) > 0 && args[0].Op == heap.Closure && st.Holds(args[0]) {
		if v := ssaflow.ValueOf(instr); v != nil {
			return []result{{st, s.results(v, map[int]*heap.Term{0: args[0]})}}
		}
	}
	for _, i := range row.Attaches {
		if i < len(args) && st.status == open && st.Holds(args[i]) {
			s.attach(st, instr, args[i])
		}
	}
	for _, i := range row.Takes {
		if i < len(args) {
			s.escape(st, args[i], MovedTaken)
		}
	}
	states := []*state{st}
	runs := append([]int(nil), row.Calls...)
	for _, sc := range row.Scopes {
		runs = append(runs, sc.Callback)
	}
	for _, i := range runs {
		if i >= len(args) || args[i].Op != heap.Closure && args[i].Op != heap.Cleanup {
			continue
		}
		var next []*state
		for _, st := range states {
			next = append(next, s.callValue(st, instr, args[i], how)...)
		}
		states = next
	}
	var results []result
	for _, st := range states {
		for i, a := range args {
			if row.Library || slices.Contains(runs, i) {
				// A library borrows what it is given, but it keeps funcs.
				if a.Op == heap.Closure && !slices.Contains(runs, i) {
					s.escape(st, a, MovedClosure)
				}
				continue
			}
			s.escape(st, a, MovedUnknown)
		}
		results = append(results, result{st: st})
	}
	return results
}

// refutes applies a call that is true only of an error that is not nil.
func (s *search) refutes(st *state, err *heap.Term) []result {
	switch {
	case (err.Op == heap.Nil):
		return []result{{st, s.pool.False}}
	case err.Op == heap.OpenErr:
		return []result{{st, s.pool.ErrIs(nil)}}
	case err.Symbolic():
		return []result{{st, s.pool.Refuted(err)}}
	}
	return only(st)
}

// ends reports whether the knowledge says that a method releases its receiver,
// which is the resource itself. That stands in the library's own package too,
// whatever the method's body looks like.
func (s *search) ends(st *state, method *types.Func, args []*heap.Term) bool {
	recv := method.Signature().Recv()
	if recv == nil || len(args) == 0 || st.status != open || !slices.Contains(s.e.releaseOf(recv.Type()), method.Name()) {
		return false
	}
	shape, ok := s.shape(st, args[0])
	return ok && (shape == "" || shape == "*")
}

// callValue calls a func value with arguments that nothing is known of.
func (s *search) callValue(st *state, instr ssa.CallInstruction, fn *heap.Term, how mode) []*state {
	var states []*state
	for _, r := range s.callFunc(st, instr, fn, how) {
		states = append(states, r.st)
	}
	return states
}

// callFunc calls a func value with arguments, if they are known, and returns
// what is known of the results, too.
func (s *search) callFunc(st *state, instr ssa.CallInstruction, fn *heap.Term, how mode, args ...*heap.Term) []result {
	if fn.Op == heap.Cleanup {
		s.releaseBy(st, instr, how, "", Plainly)
		return only(st)
	}
	c := &ssa.CallCommon{Value: fn.Fn}
	callee, method, args := s.callee(st, c, fn, args)
	switch {
	case callee != nil && callee.Parent() != nil && s.e.hasBody(callee):
		return s.inline(st, instr, callee, fn, args, how)
	case callee != nil && method == nil:
		return s.summarised(st, instr, nil, callee, args, how)
	case method != nil:
		if row := s.e.table.Func(method); row != nil && (!s.e.hasBody(callee) || s.ends(st, method, args)) {
			return s.rowCall(st, instr, row, method, args, how)
		} else if len(args) > 0 && args[0].Op == heap.Tracked {
			return s.ownMethod(st, instr, method, callee, args, how)
		}
		return s.summarised(st, instr, method, callee, args, how)
	}
	s.escape(st, fn, MovedDynamic)
	return only(st)
}

// invoke applies a call of an interface method whose dynamic type is not known.
func (s *search) invoke(st *state, instr ssa.CallInstruction, method *types.Func, args []*heap.Term, how mode) []result {
	if len(args) > 0 && args[0].Op == heap.Tracked && st.status == open {
		if s.isRelease(method.Name()) {
			s.releaseBy(st, instr, how, method.Name(), Plainly)
			return only(st)
		}
		return s.unknownCall(st, instr, args[1:], MovedDynamic)
	}
	return s.unknownCall(st, instr, args, MovedDynamic)
}

// ownMethod applies a call of a method of the resource itself.
func (s *search) ownMethod(st *state, instr ssa.CallInstruction, method *types.Func, callee *ssa.Function, args []*heap.Term, how mode) []result {
	if st.status == open && s.isRelease(method.Name()) {
		s.releaseBy(st, instr, how, method.Name(), Plainly)
		return only(st)
	}
	return s.summarised(st, instr, method, callee, args, how)
}

func (s *search) isRelease(name string) bool {
	for _, r := range s.release {
		if r == name {
			return true
		}
	}
	return false
}

// releaseBy marks the resource as released.
func (s *search) releaseBy(st *state, instr ssa.CallInstruction, how mode, method string, manner Manner) {
	if st.status != open {
		return
	}
	if how == plainCall && !st.covered && st.risk != nil && len(s.running) == 1 && s.deferrable(instr, st, manner) {
		s.undeferred = append(s.undeferred, undeferred{instr, st.risk})
	}
	st.status, st.manner = released, manner
	if manner == Plainly && (st.risk == nil || st.early) {
		st.manner = Surely
	}
	st.release = &releaseEvent{instr, how != plainCall, method}
	s.releases = append(s.releases, st.release)
}

// deferrable reports whether a call that releases the resource is one to defer:
// it is not if it is what serves until the process ends or starts what releases
// it later, and need not be if nothing else can panic before it releases.
func (s *search) deferrable(instr ssa.CallInstruction, st *state, manner Manner) bool {
	switch manner {
	case Later:
		return false
	case Surely:
		return st.risk != instr
	}
	return true
}

// canPanic reports whether a call between opening and releasing is one that
// can panic. A library's own constructors and options cannot.
func (s *search) canPanic(c *ssa.CallCommon, st *state, args []*heap.Term) bool {
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return false
	}
	var obj *types.Func
	if c.IsInvoke() {
		obj = c.Method
	} else if f := c.StaticCallee(); f != nil {
		obj, _ = f.Object().(*types.Func)
	}
	if obj == nil {
		return true
	}
	if c.IsInvoke() && args[0].Op == heap.Tracked && s.isRelease(obj.Name()) {
		return false // it is the release
	}
	row := s.e.table.Func(obj)
	if row == nil {
		return true
	}
	if s.isRelease(obj.Name()) && len(args) > 0 && st.Holds(args[0]) {
		return false
	}
	if row.Library && !ssaflow.IsMethod(obj) && len(row.Commands) == 0 && s.e.table.Covers(obj.Pkg().Path()) {
		return false
	}
	return len(row.Opens) == 0 && len(row.Aliases) == 0
}
