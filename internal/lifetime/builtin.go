package lifetime

import (
	"go/types"
	"slices"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/redisapi"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file applies calls of which the language or the knowledge says all: of
// builtin functions, and of functions with a row.

// builtin applies a call of a builtin function.
func (s calls) builtin(st *eval.State, instr ssa.CallInstruction, b *ssa.Builtin, args []*heap.Term) []result {
	switch b.Name() {
	case "append":
		return []result{{st, s.appended(st, instr, args)}}
	case "copy":
		if dst, src := s.Pool.Pointee(args[0]), s.Pool.Pointee(args[1]); dst != nil && src != nil && st.Holds(src) {
			s.storeTo(st, s.Pool.Addr(dst.X, dst.Path+heap.Elem), s.Elem(st, src, s.Pool.Unknown), false)
		}
	case "len":
		return []result{{st, s.Length(args[0])}}
	case "panic":
		return nil
	case "recover":
		s.recovers = s.recovers || s.reach.Shares(instr.Parent())
		return []result{{st, s.Pool.Nil}} // no path that is followed panics
	case ssaflow.NilCheck, "min", "max":
		return []result{{st, args[0]}}
	}
	return only(st)
}

// appended returns the slice that an append returns.
func (s calls) appended(st *eval.State, instr ssa.CallInstruction, args []*heap.Term) *heap.Term {
	dst := args[0]
	p := s.Pool.Pointee(dst)
	if dst.Op == heap.Nil || p == nil || !p.X.Local() {
		// A slice of its own from here on.
		fresh := s.Pool.Addr(s.Pool.Grown(ssaflow.ValueOf(instr)), "")
		if p != nil && st.Holds(dst) {
			s.storeTo(st, s.Pool.Addr(fresh.X, heap.Elem), s.Elem(st, p, s.Pool.Unknown), false)
		}
		p = fresh
	}
	inLoop := s.inLoop(s.e.graphs.Flow(instr.Parent()), instr.Block())
	for _, a := range args[1:] {
		x := s.Pool.Pointee(a)
		if x == nil {
			continue
		}
		crowded, _ := st.Fact(s.Pool.Crowded(x.X))
		s.crowds().crowd(st, p, st.Holds(x), crowded, inLoop)
		elem := s.Elem(st, x, s.Pool.Unknown)
		// A literal that shares the resource's variable may come to hold it, and so
		// may an object that is filled later.
		if st.Holds(x) || elem.Op == heap.Closure && s.reach.Shares(elem.Fn) || s.keepers().fills(elem) {
			s.storeTo(st, s.Pool.Addr(p.X, p.Path+heap.Elem), elem, false)
		}
	}
	return p
}

// variadic evaluates what a call passes one by one for its last parameter. It
// is nil if the call passes a slice.
func (s calls) variadic(st *eval.State, c *ssa.CallCommon) []*heap.Term {
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
				list = append(list, s.Settled(st, s.Eval(st, store.Val)))
			}
		}
	}
	return list
}

// rowCall applies a call that the knowledge has a row for.
func (s calls) rowCall(st *eval.State, instr ssa.CallInstruction, row *redisapi.Func, method *types.Func, args []*heap.Term, how mode) []result {
	for _, i := range row.Releases {
		if i < len(args) && st.Status == eval.Open && st.Holds(args[i]) {
			manner := facts.Plainly
			if method.Signature().Recv() != nil && !s.isRelease(method.Name()) {
				manner = facts.Later // it serves, and releases when it is told to stop
			}
			s.releaseBy(st, instr, how, method.Name(), manner)
			return only(st)
		}
	}
	if len(args) > 0 && st.Status == eval.Open && method.Type().(*types.Signature).Recv() != nil &&
		s.isRelease(method.Name()) && st.Holds(args[0]) {
		s.releaseBy(st, instr, how, method.Name(), facts.Plainly)
		return only(st)
	}
	s.usage().noteUse(st, instr, row, method, args)
	if list, ok := s.inContainer(st, instr, row, args, how); ok {
		return list
	}
	for _, a := range args {
		if a.Op == heap.Addr && !st.Holds(a) {
			s.expose(st, a) // a variable to scan into
		}
	}
	switch {
	case row.Refutes && len(args) > 0:
		return s.refutes(st, args[0])
	case row.NonNil:
		return []result{{st, s.Pool.NonNil}}
	case row.Joins:
		if v := s.Joined(s.variadic(st, instr.Common())); v != nil {
			return []result{{st, v}}
		}
	case row.Probe && args[0].Op == heap.Tracked && (st.Risk == nil || st.Risk == instr):
		return []result{{st, s.Pool.OpenErr}}
	case row.Verdict:
		for _, a := range args {
			if a.Op == heap.OpenErr {
				return []result{{st, s.Pool.ErrNil}}
			}
		}
	}
	for _, a := range row.Aliases {
		if a.Param < len(args) && st.Holds(args[a.Param]) {
			v := ssaflow.ValueOf(instr)
			if v == nil {
				return only(st)
			}
			parts := map[int]*heap.Term{a.Result: s.Pool.Tracked}
			return []result{{st, s.Results(v, parts)}}
		}
	}
	if h := s.usage().handle(st, instr, row, method, args); h != nil {
		return []result{{st, h}}
	}
	if row.Wraps && len(args) > 0 && args[0].Op == heap.Closure && st.Holds(args[0]) {
		if v := ssaflow.ValueOf(instr); v != nil {
			return []result{{st, s.Results(v, map[int]*heap.Term{0: args[0]})}}
		}
	}
	if row.Undo && takenBack(instr) {
		for _, a := range args {
			s.expose(st, a)
		}
		return only(st)
	}
	for _, i := range row.Finally {
		if i < len(args) && st.Status == eval.Open && args[i].Op == heap.Closure && st.Holds(args[i]) {
			if kept := s.funcs().keptByLast(st, args[i]); kept != nil {
				s.escape(st, args[i], facts.MovedClosure)
				return []result{{st: st}, {st: kept}}
			}
		}
	}
	for _, i := range row.Attaches {
		if i < len(args) && st.Status == eval.Open && st.Holds(args[i]) {
			s.attach(st, instr, args[i])
		}
	}
	for _, i := range row.Takes {
		if i < len(args) {
			s.escape(st, args[i], facts.MovedTaken)
		}
	}
	states := []*eval.State{st}
	runs := append([]int(nil), row.Calls...)
	for _, sc := range row.Scopes {
		runs = append(runs, sc.Callback)
	}
	for _, i := range runs {
		if i >= len(args) || args[i].Op != heap.Closure && args[i].Op != heap.Cleanup {
			continue
		}
		var next []*eval.State
		for _, st := range states {
			next = append(next, s.funcs().callValue(st, instr, args[i], how)...)
		}
		states = next
	}
	var results []result
	for _, st := range states {
		for i, a := range args {
			if row.Library || slices.Contains(runs, i) {
				// A library borrows what it is given, but it keeps funcs.
				if a.Op == heap.Closure && !slices.Contains(runs, i) {
					s.escape(st, a, facts.MovedClosure)
				}
				continue
			}
			s.escape(st, a, facts.MovedUnknown)
		}
		results = append(results, result{st: st})
	}
	return results
}

// refutes applies a call that is true only of an error that is not nil.
func (s calls) refutes(st *eval.State, err *heap.Term) []result {
	switch {
	case (err.Op == heap.Nil):
		return []result{{st, s.Pool.False}}
	case err.Op == heap.OpenErr:
		return []result{{st, s.Pool.ErrIs(nil)}}
	case err.Symbolic():
		return []result{{st, s.Pool.Refuted(err)}}
	}
	return only(st)
}

// ends reports whether the knowledge says that a method releases its receiver,
// which is the resource itself. That stands in the library's own package too,
// whatever the method's body looks like.
func (s calls) ends(st *eval.State, method *types.Func, args []*heap.Term) bool {
	recv := method.Signature().Recv()
	if recv == nil || len(args) == 0 || st.Status != eval.Open || !slices.Contains(s.e.know.ReleaseOf(recv.Type()), method.Name()) {
		return false
	}
	shape, ok := s.Shape(st, args[0])
	return ok && (shape == "" || shape == "*")
}
