package lifetime

import (
	"go/token"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/lifetime/knowledge"
	"golang.org/x/tools/go/ssa"
)

// This file tells a loop that releases all elements of a container from one that
// stops before it has come to the resource. Elements are not told apart, but it
// is known whether another one can stand before the resource. If so, what a turn
// of the loop releases is the resource or another element: both are followed, and
// on the second way the loop cannot have run to its end.

// Crowds are a search at a container of several things.
type crowds struct{ *search }

func (s *search) crowds() crowds { return crowds{s} }

// crowd notes that something is put into a container: behind is whether what is in
// there already stands before it. An element that a later turn of a loop puts there
// is like the resource, which the same statement put there in an earlier one.
func (s crowds) crowd(st *eval.State, container *heap.Term, holds, behind, inLoop bool) {
	p := s.Pool.Pointee(container)
	if p == nil || p.Path != "" || !p.X.Local() || !s.e.know.CanHold(p.X.Origin().Value.Type()) {
		return
	}
	filled := s.Pool.Filled(p.X)
	had, _ := st.Fact(filled)
	if st.Status == eval.Open && (holds && (had || behind) || !holds && behind || !holds && inLoop && st.Holds(p)) {
		st.SetFact(s.Pool.Crowded(p.X), true)
	}
	if !had {
		st.SetFact(filled, true)
	}
}

// crowdStored notes what is stored in an element of a slice or an array.
func (s crowds) crowdStored(st *eval.State, instr *ssa.Store, v *heap.Term, inLoop bool) {
	elem, ok := instr.Addr.(*ssa.IndexAddr)
	if !ok {
		return
	}
	holds := st.Holds(v)
	if c, fixed := elem.Index.(*ssa.Const); fixed {
		if holds && c.Int64() > 0 {
			s.crowd(st, s.Eval(st, elem.X), true, true, false)
		}
		return
	}
	s.crowd(st, s.Eval(st, elem.X), holds, false, inLoop)
}

// crowdMapped notes what is put into a map. Any of two elements can come first.
func (s crowds) crowdMapped(st *eval.State, m, v *heap.Term, inLoop bool) {
	holds := st.Holds(v)
	p := s.Pool.Pointee(m)
	s.crowd(st, m, holds, !holds && p != nil && st.Holds(p), inLoop)
}

// stopsShort returns the container of which a call releases one element in a turn
// of a loop, if another one can stand before the resource; nil for other calls.
func (s crowds) stopsShort(st *eval.State, instr ssa.CallInstruction, inLoop bool) *heap.Term {
	if !inLoop || st.Status != eval.Open || s.midway(instr) {
		return nil
	}
	c := instr.Common()
	v := c.Value
	if !c.IsInvoke() && c.StaticCallee() != nil {
		if len(c.Args) == 0 {
			return nil
		}
		v = c.Args[0]
	}
	container, index := knowledge.ElementOf(v)
	if container == nil {
		return nil
	}
	at := s.Eval(st, container)
	p := s.Pool.Pointee(at)
	if at.Op == heap.Iterator {
		p = s.Pool.Addr(at.X, "")
	}
	if p == nil || p.Path != "" {
		return nil
	}
	if crowded, _ := st.Fact(s.Pool.Crowded(p.X)); !crowded || index != nil && !s.runsOver(st, index, p) {
		return nil
	}
	return p.X
}

// midway reports whether a call stands in a turn of the loop that opens the
// resource, behind the opening: how many were opened by then is not known.
func (s crowds) midway(call ssa.CallInstruction) bool {
	if s.site == nil || s.site.fn != call.Parent() {
		return false
	}
	opening := s.site.instr.Block()
	return s.inLoop(s.e.graphs.Flow(s.site.fn), opening) && opening.Dominates(call.Block())
}

// runsOver reports whether a loop runs while an index is less than the length of
// a container.
func (s crowds) runsOver(st *eval.State, index ssa.Value, container *heap.Term) bool {
	for _, ref := range *index.Referrers() {
		less, ok := ref.(*ssa.BinOp)
		if !ok || less.Op != token.LSS || less.X != index {
			continue
		}
		if call, ok := less.Y.(*ssa.Call); ok {
			b, ok := call.Call.Value.(*ssa.Builtin)
			if ok && b.Name() == "len" && s.Pool.Pointee(s.Eval(st, call.Call.Args[0])) == container {
				return true
			}
		}
	}
	return false
}

// another is a state in which a turn of a loop has released an element that was
// not the resource: the loop has yet to come to it.
func (s crowds) another(st *eval.State, container *heap.Term) *eval.State {
	n := st.Clone()
	visited := s.Pool.Visited(container)
	n.KeepFacts(func(c *heap.Term) bool { return c != visited })
	return n
}
