package lifetime

import (
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/eval"
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
func (s calls) callInstr(st *eval.State, instr ssa.CallInstruction, inLoop bool) []*eval.State {
	c := instr.Common()
	fn, args := s.operands(st, c)
	switch instr := instr.(type) {
	case *ssa.Defer:
		s.delayed().deferCall(st, instr, fn, args)
		return []*eval.State{st}
	case *ssa.Go:
		return s.delayed().goroutine(st, instr, fn, args)
	}
	v := instr.Value()
	if inLoop && v != nil {
		for _, leaf := range []*heap.Term{s.Pool.Val(v), s.Pool.Made(v)} {
			if !st.Mentions(leaf) {
				continue
			}
			s.renew(st, leaf)
			earlier := s.Pool.Earlier(leaf)
			for i := range args {
				args[i] = s.Pool.Replace(args[i], leaf, earlier)
			}
			fn = s.Pool.Replace(fn, leaf, earlier)
		}
		st.DropReg(v)
	}
	if s.site != nil && s.site.instr == instr {
		return s.acquire(st, instr, args)
	}
	if st.Status == eval.Open && st.Risk == nil && s.canPanic(c, st, args) {
		st.Risk = instr
	}
	was := st.Status
	asked := v != nil && st.Status == eval.Open && ssaflow.IsBool(v.Type()) && hasOpenErr(args)
	var pure *heap.Term
	if call, ok := instr.(*ssa.Call); ok {
		pure = s.PureCall(st, call)
	}
	beyond := s.funcs().usedBeyond(st, instr, args)
	var next []*eval.State
	short := s.crowds().stopsShort(st, instr, inLoop)
	var spare *eval.State
	if short != nil {
		spare = s.crowds().another(st, short)
	}
	for _, r := range s.call(st, instr, c, fn, args, plainCall) {
		if spare != nil && r.st.Status == eval.Released {
			next = append(next, spare)
			spare = nil
		}
		if asked && r.result == nil {
			r.result = s.Pool.ErrAsked(v)
		}
		if was == eval.Before && r.st.Status == eval.Open && r.result == nil && v != nil {
			// It ran a callback that opens. Its error is that of opening.
			if i := ssaflow.ErrorResult(v.Type()); i >= 0 {
				r.result = s.Results(v, map[int]*heap.Term{i: s.Pool.OpenErr})
			}
		}
		if v != nil && r.result == nil && pure != nil {
			r.result = pure
		}
		if v != nil && r.result == nil && fn != nil && st.HasUser(fn) {
			r.result = s.Pool.Handle(s.Pool.Made(v)) // what a middleware makes of a handler
		}
		if v != nil && r.result == nil {
			r.result = s.Made(v, c, args)
		}
		if v != nil && r.result != nil {
			r.st.SetReg(v, r.result)
		}
		if beyond {
			s.move(r.st, facts.MovedClosure) // it lives as long as what it was made for
		}
		next = append(next, r.st)
	}
	return next
}

// usedBeyond reports whether a call is passed what uses the resource, and can keep
// it in what the function does not end with: a router that it returns.
func (s funcs) usedBeyond(st *eval.State, instr ssa.CallInstruction, args []*heap.Term) bool {
	call, ok := instr.(*ssa.Call)
	if !ok || s.site == nil || st.Status != eval.Open {
		return false
	}
	first := 0
	if call.Call.Signature().Recv() != nil {
		first = 1 // its own method
	}
	operands := ssaflow.Args(&call.Call)
	for i := first; i < len(args) && i < len(operands); i++ {
		if st.HasUser(args[i]) && ssaflow.KeptBeyond(call, operands[i]) {
			return true
		}
	}
	return false
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
func (s calls) operands(st *eval.State, c *ssa.CallCommon) (fn *heap.Term, args []*heap.Term) {
	fn = s.Eval(st, c.Value)
	if c.IsInvoke() {
		args = append(args, fn)
		fn = nil
	}
	for _, a := range c.Args {
		args = append(args, s.Eval(st, a))
	}
	return fn, args
}

// acquire applies the opening call itself.
func (s calls) acquire(st *eval.State, instr ssa.CallInstruction, args []*heap.Term) []*eval.State {
	v := instr.Value()
	if st.Status != eval.Before {
		// The loop came round. What the last turn opened must be held by
		// something other than the register that is written now.
		if v != nil {
			st.DropReg(v)
		}
		s.turns().noteReacquired(st)
		if st.Status == eval.Open && st.Lent && !st.Reachable() {
			s.move(st, facts.MovedDynamic) // whoever was called with it may have it
		}
		if st.Status == eval.Open && !st.Reachable() {
			s.dropped = append(s.dropped, dropped{st, instr})
			return nil
		}
		if st.Status == eval.Open {
			for _, a := range args {
				s.expose(st, a)
			}
		}
		return []*eval.State{st}
	}
	s.lent = s.lent || s.site.open.Lent && !s.opensFirst(st, args)
	for i, a := range args {
		// What it is opened with is only borrowed, unless it is a place to
		// put the resource in.
		if p := s.site.open.At; !p.Param || p.Index != i {
			s.expose(st, a)
		}
	}
	s.open(st)
	o := s.site.open
	for _, g := range o.Given() {
		if g.Param < len(args) && !s.takeGiven(st, args[g.Param], g) {
			return nil // it opens nothing here
		}
	}
	parts := map[int]*heap.Term{}
	for i, k := range o.Results {
		if x := s.Known(k); x != nil {
			parts[i] = x
		}
	}
	if o.Err >= 0 {
		parts[o.Err] = s.Pool.OpenErr
	}
	if o.Cleanup >= 0 {
		parts[o.Cleanup] = s.Pool.Cleanup
	}
	switch {
	case o.At.Param:
		if o.At.Index < len(args) {
			s.plant(st, args[o.At.Index], heap.Shape(o.At.Shape))
		}
	case o.At.Func:
		parts[o.At.Index] = s.Pool.Cleanup
	default:
		parts[o.At.Index] = s.PlantedAt(st, s.Pool.Made(v), o.At, s.site.dyn)
	}
	for _, p := range o.Also {
		parts[p.Index] = s.Planted(st, s.Pool.Made(v), heap.Shape(p.Shape), knowledge.ResultType(v, p))
	}
	st.SetReg(v, s.Results(v, parts))
	return []*eval.State{st}
}

// opensFirst reports whether a call that opens at its first time, and keeps what
// it opened in an object, is the first: the object is new, and has nothing there.
func (s calls) opensFirst(st *eval.State, args []*heap.Term) bool {
	at := s.site.open.At
	way, one := heap.Shape(at.Shape).One()
	if !at.Param || at.Index >= len(args) || !one || way.Pointers() != 1 {
		return false
	}
	p := s.Pool.Pointee(args[at.Index])
	field, rest, ok := way.Tail().Paths[0].First()
	if p == nil || p.Path != "" || !ok || field < 0 || rest != "" || !p.X.Local() || st.Dirty(p.X) || st.Cell(p.X, heap.Field(field)) != nil {
		return false
	}
	if p.X.Fresh() {
		return true
	}
	var call *ssa.Call
	switch v := p.X.Current().Value.(type) {
	case *ssa.Call:
		call = v
	case *ssa.Extract:
		call, _ = v.Tuple.(*ssa.Call)
	}
	return call != nil && p.X.Current().Op == heap.Made && knowledge.LeavesEmpty(s.e.know, call, field)
}

// plant puts the resource behind a value that a call was given.
func (s calls) plant(st *eval.State, v *heap.Term, shape heap.Shape) {
	for _, way := range shape.Ways() {
		s.plantOne(st, v, way)
	}
}

func (s calls) plantOne(st *eval.State, v *heap.Term, way heap.Way) {
	p := s.Pool.Pointee(v)
	if p == nil || way.Paths[0] != "" || way.Pointers() == 0 {
		s.move(st, facts.MovedForeign)
		return
	}
	tail := way.Tail()
	at := p.Path + tail.Paths[0]
	if tail.Pointers() > 0 && p.X.Local() {
		if have := st.Cell(p.X, at); have != nil && have.Op == heap.Addr {
			s.plantOne(st, have, tail.Within())
			return
		} else if have == nil && s.passedOn(p.X) {
			s.move(st, facts.MovedForeign)
			return
		}
	}
	s.storeTo(st, s.Pool.Addr(p.X, at), s.PlantedOne(st, s.Pool.Behind(p.X, at), tail.Within(), nil), false)
}

// passedOn reports whether what is behind an object that a call made may be what
// the call was given.
func (s calls) passedOn(object *heap.Term) bool {
	var call *ssa.Call
	switch v := object.Origin().Current().Value.(type) {
	case *ssa.Call:
		call = v
	case *ssa.Extract:
		call, _ = v.Tuple.(*ssa.Call)
	}
	return call != nil && slices.ContainsFunc(call.Call.Args, func(a ssa.Value) bool { return s.e.know.CanHold(a.Type()) })
}

// A result is a way in which a call returned.
type result struct {
	st     *eval.State
	result *heap.Term
}

func only(st *eval.State) []result { return []result{{st: st}} }

// call applies a call and returns the ways in which it returns; none when it
// never does.
func (s calls) call(st *eval.State, instr ssa.CallInstruction, c *ssa.CallCommon, fn *heap.Term, args []*heap.Term, how mode) []result {
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
		if st.Status == eval.Open && how == plainCall && s.funcs().lends(st, c, args) {
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
	if row != nil && (row.NoReturn || row.Fails && st.Status == eval.Open) {
		return nil // a test that has failed may leave what it likes open
	}
	if row != nil && (!s.e.know.HasBody(callee) || s.ends(st, method, args)) {
		return s.rowCall(st, instr, row, method, args, how)
	}
	if row != nil && callee != nil && callee.Synthetic != "" {
		s.usage().noteUse(st, instr, row, method, args) // of an embedded type: the wrapper has a body
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
func (s calls) callee(st *eval.State, c *ssa.CallCommon, fn *heap.Term, args []*heap.Term) (*ssa.Function, *types.Func, []*heap.Term) {
	if c.IsInvoke() {
		recv := args[0]
		var dyn types.Type
		switch recv.Op {
		case heap.Addr, heap.Aggregate:
			dyn = s.DynAt(recv)
		case heap.Tracked:
			if s.Type != nil && !types.IsInterface(s.Type) {
				dyn = s.Type
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
func (s calls) unknownCall(st *eval.State, instr ssa.CallInstruction, args []*heap.Term, why facts.Reason) []result {
	for _, a := range args {
		s.escape(st, a, why)
	}
	return only(st)
}

// invoke applies a call of an interface method whose dynamic type is not known.
func (s calls) invoke(st *eval.State, instr ssa.CallInstruction, method *types.Func, args []*heap.Term, how mode) []result {
	if len(args) > 0 && args[0].Op == heap.Tracked && st.Status == eval.Open {
		if s.isRelease(method.Name()) {
			s.releaseBy(st, instr, how, method.Name(), facts.Plainly)
			return only(st)
		}
		return s.unknownCall(st, instr, args[1:], facts.MovedDynamic)
	}
	if c := s.e.know.Table.Conduct(method); c != nil && len(c.Registers) > 0 {
		return only(st) // it asks what it registers, and releases nothing
	}
	return s.unknownCall(st, instr, args, facts.MovedDynamic)
}

// ownMethod applies a call of a method of the resource itself.
func (s calls) ownMethod(st *eval.State, instr ssa.CallInstruction, method *types.Func, callee *ssa.Function, args []*heap.Term, how mode) []result {
	if st.Status == eval.Open && s.isRelease(method.Name()) {
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
func (s calls) releaseBy(st *eval.State, instr ssa.CallInstruction, how mode, method string, manner facts.Manner) {
	if st.Status != eval.Open {
		return
	}
	if how == plainCall && !st.Covered && st.Risk != nil && len(s.running) == 1 && s.deferrable(instr, st, manner) {
		s.undeferred = append(s.undeferred, undeferred{instr, st.Risk})
	}
	st.Status, st.Manner = eval.Released, manner
	if manner == facts.Plainly && (st.Risk == nil || st.Early) {
		st.Manner = facts.Surely
	}
	st.Release = &eval.ReleaseEvent{Instr: instr, Deferred: how != plainCall, How: method}
	s.releases = append(s.releases, st.Release)
}

// deferrable reports whether a call that releases the resource is one to defer:
// it is not if it is what serves until the process ends or starts what releases
// it later, and need not be if nothing else can panic before it releases.
func (s calls) deferrable(instr ssa.CallInstruction, st *eval.State, manner facts.Manner) bool {
	switch manner {
	case facts.Later:
		return false
	case facts.Surely:
		return st.Risk != instr
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
func (s calls) canPanic(c *ssa.CallCommon, st *eval.State, args []*heap.Term) bool {
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
