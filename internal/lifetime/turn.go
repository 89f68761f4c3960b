package lifetime

import (
	"golang.org/x/tools/go/ssa"
)

// A turn is a way in which a loop came round to the acquisition, after it had
// opened a resource in an earlier turn.
type turn struct {
	released bool       // the earlier one was released by then, or lost
	deferred *ssa.Defer // the deferred call of the loop by which alone it is to be released
}

// noteTurn notes what became of the resource by the time its acquisition is
// reached again.
func (s *search) noteTurn(st *state) {
	var t turn
	switch {
	case st.status == released, st.status == open && !s.reachable(st):
		t.released = true
	case st.status == open:
		t.deferred = s.onlyDeferred(st)
	}
	if t != (turn{}) {
		s.turns = append(s.turns, t)
	}
}

// onlyDeferred returns the deferred call of a loop which holds the resource, if
// nothing else does.
func (s *search) onlyDeferred(st *state) *ssa.Defer {
	var found *deferred
	behind := map[string]bool{} // objects that the call reaches
	for _, f := range st.frames {
		for _, d := range f.defers {
			if !s.deferHolds(st, d) {
				continue
			}
			b := d.instr.Block()
			if !s.e.flow(b.Parent()).loop[b.Index] {
				return nil // it was there before the loop
			}
			found = d
			for _, v := range append([]*value{d.fn}, d.args...) {
				s.visit(st, v, func(x *value) bool {
					if x.kind == address {
						behind[x.name] = true
					}
					return true
				})
			}
		}
	}
	if found == nil {
		return nil
	}
	for _, v := range st.regs {
		if s.holds(st, v) && !(v.kind == address && behind[v.name]) && v.kind != closure {
			return nil
		}
	}
	for c, v := range st.mem {
		if c.path != dirtyPath && !behind[c.object] && (v.kind == tracked || v.kind == cleanup) {
			return nil
		}
	}
	return found.instr
}
