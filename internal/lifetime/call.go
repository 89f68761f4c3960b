package lifetime

import (
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// Calls are a search at a call: what it does to the resource.
type calls struct{ *search }

func (s *search) calls() calls { return calls{s} }

// A mode says how a call is made.
type mode uint8

const (
	plainCall    mode = iota // now
	deferredCall             // when the function returns
	goCall                   // by another goroutine
)

// callInstr applies a call, a go or a defer statement.
func (s calls) callInstr(st *state, instr ssa.CallInstruction, inLoop bool) []*state {
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
	short := s.stopsShort(st, instr, inLoop)
	var spare *state
	if short != nil {
		spare = s.another(st, short)
	}
	for _, r := range s.call(st, instr, c, fn, args, plainCall) {
		if spare != nil && r.st.status == released {
			next = append(next, spare)
			spare = nil
		}
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
		if v != nil && r.result == nil {
			r.result = s.made(v, c, args)
		}
		if v != nil && r.result != nil {
			r.st.SetReg(v, r.result)
		}
		next = append(next, r.st)
	}
	return next
}

// made is what a call returns that makes an object which only its caller knows,
// or returns one that it is passed; nil for other calls.
func (s *evaluator) made(v ssa.Value, c *ssa.CallCommon, args []*heap.Term) *heap.Term {
	parts := map[int]*heap.Term{}
	fresh, same := s.know.ResultsOf(c)
	if len(fresh) == 1 {
		parts[fresh[0]] = s.pool.Addr(s.pool.Made(v), "") // an object is told by the call that made it
	}
	for _, x := range same {
		if x.Param < len(args) && args[x.Param].Op == heap.Addr {
			parts[x.Result] = args[x.Param]
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return s.results(v, parts)
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
func (s calls) operands(st *state, c *ssa.CallCommon) (fn *heap.Term, args []*heap.Term) {
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
func (s calls) acquire(st *state, instr ssa.CallInstruction, args []*heap.Term) []*state {
	v := instr.Value()
	if st.status != before {
		// The loop came round. What the last turn opened must be held by
		// something other than the register that is written now.
		if v != nil {
			st.DropReg(v)
		}
		s.noteReacquired(st)
		if st.status == open && st.lent && !st.Reachable() {
			s.move(st, facts.MovedDynamic) // whoever was called with it may have it
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
	}
	for _, p := range o.Also {
		parts[p.Index] = s.planted(st, s.pool.Made(v), heap.Shape(p.Shape), knowledge.ResultType(v, p))
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
func (s calls) plant(st *state, v *heap.Term, shape heap.Shape) {
	p := s.pool.Pointee(v)
	for _, way := range shape.Ways() {
		if p == nil || way.Paths[0] != "" || way.Pointers() == 0 {
			s.move(st, facts.MovedForeign)
			return
		}
		tail := way.Tail()
		at := p.Path + tail.Paths[0]
		s.storeTo(st, s.pool.Addr(p.X, at), s.plantedOne(st, s.pool.Behind(p.X, at), tail.Within(), nil))
	}
}

// A result is a way in which a call returned.
type result struct {
	st     *state
	result *heap.Term
}

func only(st *state) []result { return []result{{st: st}} }

// call applies a call and returns the ways in which it returns; none when it
// never does.
func (s calls) call(st *state, instr ssa.CallInstruction, c *ssa.CallCommon, fn *heap.Term, args []*heap.Term, how mode) []result {
	if s.trace != nil {
		s.at = instr
	}
	if b, ok := c.Value.(*ssa.Builtin); ok {
		return s.builtin(st, instr, b, args)
	}
	if fn != nil && fn.Op == heap.Cleanup {
		s.releaseBy(st, instr, how, "", facts.Plainly)
		return only(st)
	}
	callee, method, args := s.callee(st, c, fn, args)
	if callee != nil && callee.Parent() != nil && s.e.know.HasBody(callee) {
		return s.funcs().inline(st, instr, callee, fn, args, how)
	}
	if i := rangeBody(args); i >= 0 {
		return s.funcs().rangeOver(st, instr, args[i], how)
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
			s.escape(st, fn, facts.MovedDynamic)
		}
		if st.status == open && how == plainCall && s.funcs().lends(st, c, args) {
			return only(st)
		}
		return s.unknownCall(st, instr, args, facts.MovedDynamic)
	}
	if !s.insists(st, c, method, callee, args) {
		return nil
	}
	if method == nil {
		return s.summarised(st, instr, nil, callee, args, how)
	}
	row := s.e.know.Table.Func(method)
	if row != nil && (row.NoReturn || row.Fails && st.status == open) {
		return nil // a test that has failed may leave what it likes open
	}
	if row != nil && (!s.e.know.HasBody(callee) || s.ends(st, method, args)) {
		return s.rowCall(st, instr, row, method, args, how)
	}
	if row != nil && callee != nil && callee.Synthetic != "" {
		s.noteUse(st, instr, row, method, args) // of an embedded type: the wrapper has a body
	}
	if c.IsInvoke() && callee == nil {
		return s.invoke(st, instr, method, args, how)
	}
	if len(args) > 0 && args[0].Op == heap.Tracked && method.Type().(*types.Signature).Recv() != nil {
		return s.ownMethod(st, instr, method, callee, args, how)
	}
	return s.summarised(st, instr, method, callee, args, how)
}

// callee finds the function that a call runs, looking through closures, bound
// methods and interfaces whose dynamic type is certain. It returns the
// function's body, if there is one in this package, its object, and the
// arguments as that function sees them.
func (s calls) callee(st *state, c *ssa.CallCommon, fn *heap.Term, args []*heap.Term) (*ssa.Function, *types.Func, []*heap.Term) {
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
			if m := s.e.know.Method(dyn, c.Method); m != nil {
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

// unknownCall applies a call of which nothing is known.
func (s calls) unknownCall(st *state, instr ssa.CallInstruction, args []*heap.Term, why facts.Reason) []result {
	for _, a := range args {
		s.escape(st, a, why)
	}
	return only(st)
}

// invoke applies a call of an interface method whose dynamic type is not known.
func (s calls) invoke(st *state, instr ssa.CallInstruction, method *types.Func, args []*heap.Term, how mode) []result {
	if len(args) > 0 && args[0].Op == heap.Tracked && st.status == open {
		if s.isRelease(method.Name()) {
			s.releaseBy(st, instr, how, method.Name(), facts.Plainly)
			return only(st)
		}
		return s.unknownCall(st, instr, args[1:], facts.MovedDynamic)
	}
	return s.unknownCall(st, instr, args, facts.MovedDynamic)
}

// ownMethod applies a call of a method of the resource itself.
func (s calls) ownMethod(st *state, instr ssa.CallInstruction, method *types.Func, callee *ssa.Function, args []*heap.Term, how mode) []result {
	if st.status == open && s.isRelease(method.Name()) {
		s.releaseBy(st, instr, how, method.Name(), facts.Plainly)
		return only(st)
	}
	return s.summarised(st, instr, method, callee, args, how)
}

func (s calls) isRelease(name string) bool {
	for _, r := range s.release {
		if r == name {
			return true
		}
	}
	return false
}

// releaseBy marks the resource as released.
func (s calls) releaseBy(st *state, instr ssa.CallInstruction, how mode, method string, manner facts.Manner) {
	if st.status != open {
		return
	}
	if how == plainCall && !st.covered && st.risk != nil && len(s.running) == 1 && s.deferrable(instr, st, manner) {
		s.undeferred = append(s.undeferred, undeferred{instr, st.risk})
	}
	st.status, st.manner = released, manner
	if manner == facts.Plainly && (st.risk == nil || st.early) {
		st.manner = facts.Surely
	}
	st.release = &releaseEvent{instr: instr, deferred: how != plainCall, how: method}
	s.releases = append(s.releases, st.release)
}

// deferrable reports whether a call that releases the resource is one to defer:
// it is not if it is what serves until the process ends or starts what releases
// it later, and need not be if nothing else can panic before it releases.
func (s calls) deferrable(instr ssa.CallInstruction, st *state, manner facts.Manner) bool {
	switch manner {
	case facts.Later:
		return false
	case facts.Surely:
		return st.risk != instr
	}
	return true
}

// starts reports whether a method begins what its receiver is there for.
func (s calls) starts(method *types.Func) bool {
	recv := method.Signature().Recv()
	if recv == nil || method.Pkg() == nil {
		return false
	}
	named := ssaflow.Named(recv.Type())
	return named != nil && slices.ContainsFunc(s.e.know.Table.Starts(method.Pkg().Path()), func(x redisapi.Start) bool {
		return x.Name == method.Name() && strings.TrimPrefix(x.Recv, "*") == named.Obj().Name()
	})
}

// canPanic reports whether a call between opening and releasing is one that
// can panic. A library's own constructors and options cannot.
func (s calls) canPanic(c *ssa.CallCommon, st *state, args []*heap.Term) bool {
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
	row := s.e.know.Table.Func(obj)
	if len(args) > 0 && st.Holds(args[0]) && s.starts(obj) {
		return false // before it has started there is nothing to release
	}
	if row == nil {
		return true
	}
	if row.NoPanic || row.Pause || row.Once && args[len(args)-1].Op == heap.Closure {
		return false // what a closure does is looked at by itself
	}
	if s.isRelease(obj.Name()) && len(args) > 0 && st.Holds(args[0]) {
		return false
	}
	if row.Library && !ssaflow.IsMethod(obj) && len(row.Commands) == 0 && s.e.know.Table.Covers(obj.Pkg().Path()) {
		return false
	}
	return len(row.Opens) == 0 && len(row.Aliases) == 0
}
