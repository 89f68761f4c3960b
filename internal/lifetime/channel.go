package lifetime

import (
	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"github.com/redislint/redislint/internal/ssaflow"
	"golang.org/x/tools/go/ssa"
)

// This file knows channels that nobody else has: what is sent on one stays in it,
// as in a container, until it is received. Of any other channel somebody is taken
// to receive what is sent.

// Channels are a search at a channel.
type channels struct{ *search }

func (s *search) channels() channels { return channels{s} }

// send applies a send statement.
func (s channels) send(st *eval.State, ch, v *heap.Term) {
	if !st.Holds(v) && v.Op != heap.OpenErr {
		s.escape(st, v, facts.MovedSent)
		return
	}
	p := s.Pool.Pointee(ch)
	switch {
	case p != nil && s.private(st, p):
		s.storeTo(st, s.Pool.Addr(p.X, p.Path+heap.Elem), v, false)
	case p != nil && st.Holds(p):
		// Sent back to where it was received from: it is there all the time.
	default:
		s.escape(st, v, facts.MovedSent)
	}
}

// private reports whether a channel was made by the function, and no one who runs
// beside it knows it.
func (s channels) private(st *eval.State, ch *heap.Term) bool {
	_, made := ch.X.Current().Value.(*ssa.MakeChan)
	return made && ch.Path == "" && !st.Dirty(ch.X) && !st.Kept(ch.X)
}

// awaits notes that the function waits for something else while a channel has the
// resource: what it is told there may be that there is none.
func (s channels) awaits(st *eval.State, ch *heap.Term) {
	if st.Status != eval.Open || st.Doubtful || ch.Op == heap.Addr && st.Holds(ch) {
		return
	}
	for obj := range st.Objects() {
		if _, made := obj.Current().Value.(*ssa.MakeChan); made && st.Holds(s.Pool.Addr(obj, "")) {
			st.Doubtful = true
			return
		}
	}
}

// selectsReceive applies a select statement that can receive the resource. When
// another case is chosen, whoever sent it may still take it back.
func (s channels) selectsReceive(st *eval.State, instr *ssa.Select) []*eval.State {
	holds := func(c *ssa.SelectState) bool {
		ch := s.Eval(st, c.Chan)
		return c.Send == nil && ch.Op == heap.Addr && st.Holds(ch)
	}
	some := false
	for _, c := range instr.States {
		some = some || holds(c)
	}
	if !some || st.Status != eval.Open {
		return nil
	}
	var next []*eval.State
	received := 0
	for i, c := range instr.States {
		at := 2 + received
		if c.Send == nil {
			received++
		}
		n := st.Clone()
		parts := []heap.Part{{Path: heap.Field(0), Term: s.Pool.Int(i)}}
		if holds(c) {
			parts = append(parts, heap.Part{Path: heap.Field(at), Term: s.Elem(n, s.Eval(n, c.Chan), s.Pool.Unknown)})
		} else {
			s.move(n, facts.MovedSent)
		}
		n.SetReg(instr, s.Pool.Tuple(instr, parts))
		next = append(next, n)
	}
	if !instr.Blocking {
		n := st.Clone()
		s.move(n, facts.MovedSent)
		n.SetReg(instr, s.Pool.Tuple(instr, []heap.Part{{Path: heap.Field(0), Term: s.Pool.Int(-1)}}))
		next = append(next, n)
	}
	return next
}

// sender applies a goroutine that opens the resource and sends it on a channel of
// the function. It is not ok if it does anything else with it.
func (s channels) sender(st *eval.State, instr *ssa.Go, fn *heap.Term, args []*heap.Term) (next []*eval.State, ok bool) {
	if s.site == nil || st.Status != eval.Before || fn == nil || fn.Op != heap.Closure || !ssaflow.Encloses(fn.Fn, s.site.fn) {
		return nil, false
	}
	for _, r := range s.calls().call(st.Clone(), instr, instr.Common(), fn, args, goCall) {
		switch {
		case r.st.Status == eval.Before:
		case r.st.Status == eval.Open && s.sent(r.st, st, r.st):
			s.expose(r.st, fn)
			next = append(next, r.st)
		default:
			return nil, false // it is judged where it is opened
		}
	}
	return next, next != nil
}

// sent copies what a goroutine has put into channels of the function, and reports
// whether that was the resource.
func (s channels) sent(to, from, after *eval.State) bool {
	found := false
	for obj := range after.Objects() {
		if _, made := obj.Current().Value.(*ssa.MakeChan); !made {
			continue
		}
		for path, x := range after.Cells(obj, "") {
			if after.Holds(x) && (from.Cell(obj, path) == nil || !from.Holds(s.Pool.Addr(obj, ""))) {
				found = true
				if to != after {
					to.SetCell(obj, path, x)
				}
			}
		}
	}
	return found
}
