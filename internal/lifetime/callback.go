package lifetime

import (
	"go/types"
	"slices"
	"strings"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// Funcs are a search at a func value: one that is called in place, or tried
// out.
type funcs struct{ *search }

func (s *search) funcs() funcs { return funcs{s} }

// This file applies calls of func values: what a callback does with what it is
// passed, literals that run where they are called, and ranges over functions.

// lends gives the resource itself, or a new object that holds it, to a callback
// of the function's caller. A callback may keep it; but a function that releases
// it afterwards only lent it.
func (s funcs) lends(st *eval.State, c *ssa.CallCommon, args []*heap.Term) bool {
	callback := ssaflow.ParameterOf(c.Value)
	if callback == nil {
		return false
	}
	at := -1
	wrapped := false
	for i, a := range args {
		switch {
		case a.Op == heap.Tracked:
			at = i
		case !st.Holds(a):
		case a.Op == heap.Addr && a.X.Local() && a.Path == "" && s.site != nil:
			at, wrapped = i, true
		default:
			return false
		}
	}
	switch {
	case at < 0:
		return false
	case wrapped && (callback.Parent() != s.root || !worksWith(c.Signature())):
		return false
	case wrapped:
		for i, a := range args {
			if !st.Holds(a) {
				continue
			}
			shape, ok := s.Shape(st, a)
			if !ok {
				return false
			}
			s.wrapped = append(s.wrapped, wrapping{callback, i, shape, s.Concrete(st, a)})
		}
		s.expose(st, args[at])
		s.trace.lend(s.at)
	case s.site == nil && callback.Parent() == s.root:
		// What it does with the resource is for the caller to say.
		s.lendTo(st, callback, at)
	default:
		// The scope of a helper that opens: its callback works with the
		// resource, and cannot keep it.
		works := s.site != nil && callback.Parent() == s.root && worksWith(c.Signature()) && s.e.summaries.callersBorrow(wrapping{callback: callback, arg: at}, s.release)
		st.Lent = st.Lent || !works
		s.trace.lend(s.at)
	}
	return true
}

// lendTo notes that a func parameter of the function whose summary is computed
// was called with the resource.
func (s funcs) lendTo(st *eval.State, callback *ssa.Parameter, arg int) {
	l := facts.Lend{Func: slices.Index(s.root.Params, callback), Arg: arg}
	if !slices.Contains(st.Lends, l) {
		st.Lends = append(slices.Clip(st.Lends), l)
	}
}

// lent applies a call that passes the resource to a callback it was given.
func (s funcs) lent(st *eval.State, instr ssa.CallInstruction, l facts.Lend, args []*heap.Term, how mode) []*eval.State {
	if st.Status != eval.Open || l.Func >= len(args) {
		return []*eval.State{st}
	}
	switch fn := args[l.Func]; {
	case fn.Op == heap.Closure:
		given := make([]*heap.Term, fn.Fn.Signature.Params().Len())
		for i := range given {
			given[i] = s.Pool.Unknown
		}
		if l.Arg < len(given) {
			given[l.Arg] = s.Pool.Tracked
		}
		var next []*eval.State
		for _, r := range s.callFunc(st, instr, fn, how, given...) {
			if r.result != nil && r.st.Status == eval.Open && r.st.Holds(r.result) {
				s.move(r.st, facts.MovedDynamic) // what the call does with that is not known
			}
			next = append(next, r.st)
		}
		return next
	case fn.Op == heap.Val && s.site == nil && how == plainCall:
		if callback, ok := fn.Value.(*ssa.Parameter); ok && callback.Parent() == s.root {
			s.lendTo(st, callback, l.Arg)
			return []*eval.State{st}
		}
	}
	s.move(st, facts.MovedDynamic)
	return []*eval.State{st}
}

// worksWith reports whether a callback does some work with what it is passed: it
// says whether it failed. One that says whether to go on is an iterator's
// consumer, and one that returns nothing may only take note of a closer.
func worksWith(sig *types.Signature) bool {
	res := sig.Results()
	return res.Len() > 0 && ssaflow.IsError(res.At(res.Len()-1).Type())
}

// A wrapping is a new object with the resource in it that is passed to a callback
// of the function's caller.
type wrapping struct {
	callback *ssa.Parameter
	arg      int
	shape    string
	as       facts.Concrete
}

// callersBorrow reports whether no caller that is seen passes a callback which
// releases or keeps what it is called with.
func (e *summaries) callersBorrow(w wrapping, release []string) bool {
	fn := w.callback.Parent()
	at := slices.Index(fn.Params, w.callback)
	for _, call := range e.prog.Calls(fn) {
		f := e.prog.FuncOf(call.Call.Args[at])
		if f == nil {
			continue
		}
		for _, o := range e.outcomesOf(f, w, strings.Join(release, ",")) {
			if o.Effect != facts.Kept || len(o.Into)+len(o.Lends) > 0 {
				return false
			}
		}
	}
	return true
}

// outcomesOf returns what a callback does with what it is called with. A method
// that is bound to its receiver is known as the method.
func (e *summaries) outcomesOf(f *ssa.Function, w wrapping, via string) []facts.Outcome {
	arg := w.arg
	method, _ := f.Object().(*types.Func)
	if f.Synthetic != "" && method != nil {
		if types.IsInterface(method.Signature().Recv().Type()) {
			return []facts.Outcome{{Effect: facts.Moved, Reason: facts.MovedDynamic}}
		}
		if len(f.FreeVars) > 0 {
			arg++ // behind the receiver
		}
		f = f.Prog.FuncValue(method)
	}
	if e.know.HasBody(f) && arg < len(f.Params) {
		return e.summarise(f, arg, w.shape, via, w.as, nil)
	}
	if fact, analysed := e.know.Fact(method); analysed {
		return e.paramOutcomes(method, nil, false, fact, arg, w.shape, via, w.as)
	}
	return nil
}

// wrapped reports whether the same holds of all wrappings. It is asked when all
// is known that functions open.
func (e *summaries) wrapped(list []wrapping, release []string) bool {
	return !slices.ContainsFunc(list, func(w wrapping) bool { return !e.callersBorrow(w, release) })
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
func (s funcs) rangeOver(st *eval.State, instr ssa.CallInstruction, body *heap.Term, how mode) []result {
	results := []result{{st: st.Clone()}}
	again := s.site != nil && ssaflow.Encloses(body.Fn, s.site.fn)
	for _, n := range s.callValue(st, instr, body, how) {
		results = append(results, result{st: n})
		if again && n.Status != eval.Before {
			// What the body opens is opened in each iteration.
			for _, m := range s.callValue(n.Clone(), instr, body, how) {
				results = append(results, result{st: m})
			}
		}
	}
	return results
}

// inline runs a function literal where it is called.
func (s funcs) inline(st *eval.State, instr ssa.CallInstruction, callee *ssa.Function, fn *heap.Term, args []*heap.Term, how mode) []result {
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
			s.escape(st, fn, facts.MovedClosure)
		}
		return s.calls().unknownCall(st, instr, args, facts.MovedDynamic)
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
	before := st.Release
	outs := s.run(callee, st)
	var results []result
	for _, o := range outs {
		if o.st.Release != before && o.st.Release != nil && how != plainCall {
			event := *o.st.Release
			event.Deferred, event.By = true, nil
			o.st.Release = &event
		}
		o.st.KeepRegs(func(v ssa.Value) bool {
			in, ok := v.(ssa.Instruction)
			return !ok || in.Parent() != callee
		})
		results = append(results, result{o.st, s.Pack(o.results)})
	}
	return results
}

// callValue calls a func value with arguments that nothing is known of.
func (s funcs) callValue(st *eval.State, instr ssa.CallInstruction, fn *heap.Term, how mode) []*eval.State {
	var states []*eval.State
	for _, r := range s.callFunc(st, instr, fn, how) {
		states = append(states, r.st)
	}
	return states
}

// callFunc calls a func value with arguments, if they are known, and returns
// what is known of the results, too.
func (s funcs) callFunc(st *eval.State, instr ssa.CallInstruction, fn *heap.Term, how mode, args ...*heap.Term) []result {
	if fn.Op == heap.Cleanup {
		s.calls().releaseBy(st, instr, how, "", facts.Plainly)
		return only(st)
	}
	c := &ssa.CallCommon{Value: fn.Fn}
	callee, method, args := s.calls().callee(st, c, fn, args)
	switch {
	case callee != nil && callee.Parent() != nil && s.e.know.HasBody(callee):
		return s.inline(st, instr, callee, fn, args, how)
	case callee != nil && method == nil:
		return s.calls().summarised(st, instr, nil, callee, args, how)
	case method != nil:
		if row := s.e.know.Table.Func(method); row != nil && (!s.e.know.HasBody(callee) || s.calls().ends(st, method, args)) {
			return s.calls().rowCall(st, instr, row, method, args, how)
		} else if len(args) > 0 && args[0].Op == heap.Tracked {
			return s.calls().ownMethod(st, instr, method, callee, args, how)
		}
		return s.calls().summarised(st, instr, method, callee, args, how)
	}
	s.escape(st, fn, facts.MovedDynamic)
	return only(st)
}
