package lifetime

import (
	"slices"

	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file applies what runs later: deferred calls, and goroutines.

// Delayed is a search at what runs later.
type delayed struct{ *search }

func (s *search) delayed() delayed { return delayed{s} }

// deferCall registers a deferred call. Of a statement that a loop comes back
// to, the turn that holds the resource is remembered, and the last one.
func (s delayed) deferCall(st *eval.State, instr *ssa.Defer, fn *heap.Term, args []*heap.Term) {
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
	if st.Status == eval.Open && holds {
		s.deferred = append(s.deferred, instr)
		st.Covered = true
		st.Early = st.Early || st.Risk == nil
	}
}

// deferredBefore reports whether a loop before an instruction defers the
// release: the plain one is there for the loop that has no turn.
func (s delayed) deferredBefore(instr ssa.Instruction) bool {
	at := outOfLoops(instr)
	return slices.ContainsFunc(s.deferred, func(d *ssa.Defer) bool { return s.e.graphs.InLoop(d) && ssaflow.After(at, outOfLoops(d)) })
}

// outOfLoops returns the instruction of the function around ranges over
// functions by which an instruction in their bodies runs.
func outOfLoops(instr ssa.Instruction) ssa.Instruction {
	for ssaflow.IsLoopBody(instr.Parent()) {
		maker := ssaflow.Maker(instr.Parent())
		if maker == nil {
			break
		}
		instr = maker
	}
	return instr
}

// frameOf returns the frame of the function at whose end a deferred call runs:
// for the body of a range over a function, the function with the loop.
func (s delayed) frameOf(instr *ssa.Defer) int {
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
func (s delayed) deferMatters(st *eval.State, d *heap.Deferred) bool {
	if st.DeferHolds(d) {
		return true
	}
	c := d.Instr.Common()
	if s.reach[c.Value] || d.Fn != nil && d.Fn.Op == heap.Closure && s.reach.Shares(d.Fn.Fn) {
		return true
	}
	for _, a := range c.Args {
		if s.reach[a] {
			return true
		}
	}
	return false
}

// runDefers runs what the innermost function deferred, last first.
func (s delayed) runDefers(st *eval.State) []*eval.State {
	states := []*eval.State{st}
	top := len(st.Frames()) - 1
	defers := st.Defers(top)
	st.SetDefers(top, nil)
	for i := len(defers) - 1; i >= 0; i-- {
		d := defers[i]
		var next []*eval.State
		for _, st := range states {
			before := st.Release
			for _, r := range s.calls().call(st, d.Instr, d.Instr.Common(), d.Fn, d.Args, deferredCall) {
				if r.st.Release != before && ssaflow.AroundLoops(d.Instr.Parent()) == s.root {
					event := *r.st.Release
					event.Deferred, event.By = true, d.Instr
					r.st.Release = &event
				}
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
func (s delayed) goroutine(st *eval.State, instr *ssa.Go, fn *heap.Term, args []*heap.Term) []*eval.State {
	holds := fn != nil && st.Holds(fn)
	for _, a := range args {
		holds = holds || st.Holds(a)
	}
	if next, ok := s.channels().sender(st, instr, fn, args); ok {
		return next
	}
	if !holds || st.Status != eval.Open {
		if fn != nil {
			s.expose(st, fn)
			s.keepers().keep(st, fn)
		}
		for _, a := range args {
			s.expose(st, a)
			s.keepers().keep(st, a)
		}
		return []*eval.State{st}
	}
	released, moved := len(s.releases), len(s.moves)
	results := s.calls().call(st.Clone(), instr, instr.Common(), fn, args, goCall)
	if len(results) == 0 {
		switch {
		case s.gaveUp:
		case s.e.prog.InTest(instr.Pos()) && len(s.releases) == released && len(s.moves) == moved:
			// It outlives the test, and so does what it uses.
			if fn != nil {
				s.expose(st, fn)
			}
			for _, a := range args {
				s.expose(st, a)
			}
		default:
			s.move(st, facts.MovedForever)
		}
		return []*eval.State{st}
	}
	var next []*eval.State
	type way struct {
		status eval.Status
		sent   bool
	}
	seen := map[way]bool{}
	for _, r := range results {
		n := st.Clone()
		w := way{r.st.Status, r.st.Status == eval.Open && s.channels().sent(n, st, r.st)}
		if seen[w] {
			continue
		}
		seen[w] = true
		n.Status, n.Moved, n.Trail, n.Release, n.Manner = r.st.Status, r.st.Moved, r.st.Trail, r.st.Release, facts.Later
		if n.Status == eval.Open && n.Started == nil && s.usage().startsUse(st, instr, fn, args) {
			n.Started = instr
		}
		if fn != nil {
			s.expose(n, fn)
		}
		next = append(next, n)
	}
	return next
}
