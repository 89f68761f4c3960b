package lifetime

import (
	"github.com/redislint/redislint/internal/lifetime/eval"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"golang.org/x/tools/go/ssa"
)

// Turns are a search at an acquisition that a loop has come round to.
type turns struct{ *search }

func (s *search) turns() turns { return turns{s} }

// noteReacquired notes what became of the resource by the time its acquisition is
// reached again.
func (s turns) noteReacquired(st *eval.State) {
	var t reacquired
	switch {
	case st.Status == eval.Released, st.Status == eval.Open && !st.Reachable():
		t.released = true
	case st.Status == eval.Open:
		t.deferred = s.onlyDeferred(st)
	}
	if t != (reacquired{}) {
		s.reacquired = append(s.reacquired, t)
	}
}

// onlyDeferred returns the deferred call of a loop which holds the resource, if
// nothing else does.
func (s turns) onlyDeferred(st *eval.State) *ssa.Defer {
	var found *heap.Deferred
	behind := map[*heap.Term]bool{} // objects that the call reaches
	for _, f := range st.Frames() {
		for _, d := range f.Defers {
			if !st.DeferHolds(d) {
				continue
			}
			if !s.e.graphs.InLoop(d.Instr) {
				return nil // it was there before the loop
			}
			found = d
			for _, v := range append([]*heap.Term{d.Fn}, d.Args...) {
				st.Visit(v, func(x *heap.Term) bool {
					if x.Op == heap.Addr {
						behind[x.X] = true
					}
					return true
				})
			}
		}
	}
	if found == nil {
		return nil
	}
	for _, v := range st.Regs() {
		if st.Holds(v) && !(v.Op == heap.Addr && behind[v.X]) && v.Op != heap.Closure {
			return nil
		}
	}
	for obj := range st.Objects() {
		for _, v := range st.Cells(obj, "") {
			if !behind[obj] && (v.Op == heap.Tracked || v.Op == heap.Cleanup) {
				return nil
			}
		}
	}
	return found.Instr
}
