// Package eval knows what a path of a function knows: where the resource stands,
// and what instructions compute from what is in memory.
package eval

import (
	"slices"

	"github.com/redislint/redislint/internal/lifetime/facts"
	"github.com/redislint/redislint/internal/lifetime/heap"
	"golang.org/x/tools/go/ssa"
)

// A Status is where the resource stands on a path.
type Status uint8

// The statuses.
const (
	Before   Status = iota // not opened yet
	Open                   // opened, and this path must release it
	Released               // released
	Moved                  // somebody else owns it now
)

// A State is one path's knowledge at one point: where the resource stands, and
// what is known of the program's memory.
type State struct {
	*heap.Memory
	Status   Status
	Moved    facts.Reason    // why, when status is moved
	Trail    *Step           // the conditions taken since the resource was opened
	Risk     ssa.Instruction // the first call since then that can panic
	Release  *ReleaseEvent   // the release
	Doubtful bool            // perhaps nothing was opened on this path
	Lent     bool            // a callback had it, and may have kept it
	Lends    []facts.Lend    // callbacks of a function's caller that it was passed to
	Covered  bool            // a deferred call would have released it
	Early    bool            // and was deferred before anything could panic
	Started  *ssa.Go         // the first goroutine that uses it
	Manner   facts.Manner    // of the release
}

// NewState returns the state at the entry of a function.
func NewState(pool *heap.Pool) *State { return &State{Memory: heap.NewMemory(pool)} }

// Clone returns a copy that changes on its own.
func (s *State) Clone() *State {
	c := *s
	c.Memory = s.Memory.Clone()
	return &c
}

// Same reports whether two states have the same future. The trail is no part
// of it: the first path that leads to a state stands for all.
func (s *State) Same(t *State) bool {
	return s.Status == t.Status && s.Moved == t.Moved && (s.Risk == nil) == (t.Risk == nil) &&
		s.Lent == t.Lent && slices.Equal(s.Lends, t.Lends) && s.Manner == t.Manner && s.Doubtful == t.Doubtful && s.Started == t.Started && s.Memory.Same(t.Memory)
}

// A Step is a condition that a path took.
type Step struct {
	Prev    *Step
	Instr   ssa.Instruction
	Taken   bool
	Decided bool // the path could take no other
	Flag    bool // it asks a flag of the object that holds the resource
}

// A ReleaseEvent says how a path released the resource.
type ReleaseEvent struct {
	Instr    ssa.Instruction
	Deferred bool
	How      string
	Perhaps  bool       // the call releases on some of its ways only
	By       *ssa.Defer // the deferred call of the searched function that did it, or nil
}
