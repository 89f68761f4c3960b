package lifetime

import (
	"slices"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"golang.org/x/tools/go/ssa"
)

// A status is where the resource stands on a path.
type status uint8

const (
	before   status = iota // not opened yet
	open                   // opened, and this path must release it
	released               // released
	moved                  // somebody else owns it now
)

// A state is one path's knowledge at one point: where the resource stands, and
// what is known of the program's memory.
type state struct {
	*heap.Memory
	status   status
	moved    facts.Reason    // why, when status is moved
	trail    *step           // the conditions taken since the resource was opened
	risk     ssa.Instruction // the first call since then that can panic
	release  *releaseEvent   // the release
	doubtful bool            // perhaps nothing was opened on this path
	lent     bool            // a callback had it, and may have kept it
	lends    []facts.Lend    // callbacks of a function's caller that it was passed to
	covered  bool            // a deferred call would have released it
	early    bool            // and was deferred before anything could panic
	started  *ssa.Go         // the first goroutine that uses it
	manner   facts.Manner    // of the release
}

// A step is a condition that a path took.
type step struct {
	prev    *step
	instr   ssa.Instruction
	taken   bool
	decided bool // the path could take no other
	flag    bool // it asks a flag of the object that holds the resource
}

// A releaseEvent says how a path released the resource.
type releaseEvent struct {
	instr    ssa.Instruction
	deferred bool
	how      string
	perhaps  bool       // the call releases on some of its ways only
	by       *ssa.Defer // the deferred call of the searched function that did it, or nil
}

func newState(pool *heap.Pool) *state { return &state{Memory: heap.NewMemory(pool)} }

func (s *state) clone() *state {
	c := *s
	c.Memory = s.Memory.Clone()
	return &c
}

// same reports whether two states have the same future. The trail is no part
// of it: the first path that leads to a state stands for all.
func (s *state) same(t *state) bool {
	return s.status == t.status && s.moved == t.moved && (s.risk == nil) == (t.risk == nil) &&
		s.lent == t.lent && slices.Equal(s.lends, t.lends) && s.manner == t.manner && s.doubtful == t.doubtful && s.started == t.started && s.Memory.Same(t.Memory)
}

// A visited is the states in which blocks were entered.
type visited map[entry][]*state

type entry struct {
	block int
	hash  uint64
}

// add notes a state, and reports whether it is new. The state must not change
// afterwards other than by a clone's writing.
func (v visited) add(block int, s *state) bool {
	k := entry{block, s.Hash()}
	for _, t := range v[k] {
		if s.same(t) {
			return false
		}
	}
	v[k] = append(v[k], s.clone())
	return true
}
